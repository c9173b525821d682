/** Extensions that a superuser makes in a scratch database: what the role that runs the backup may do with them. */
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { installThere } from '../../../src/main/engine/backups/scratch/extensions.ts'

let lab: PostgresServer
let superuser: Client
let role: Client

beforeAll(async () => {
  lab = await startPostgres()
  await lab.query(`CREATE ROLE drill LOGIN PASSWORD '${lab.password}'`)
  await lab.query('CREATE DATABASE scratch')
  await lab.query('GRANT CREATE ON DATABASE scratch TO drill')
  superuser = await lab.connect('scratch')
  await superuser.query('GRANT ALL ON SCHEMA public TO drill')
  const { password, port } = lab
  role = new Client({ host: '127.0.0.1', port, user: 'drill', password, database: 'scratch' })
  await role.connect()
}, 60_000)
afterAll(async () => {
  await role?.end()
  await superuser?.end()
  await lab?.stop()
})

it('lets its role fill the tables that are settings, and refer to none', async () => {
  // As PostGIS has its `spatial_ref_sys`.
  await superuser.query(
    `CREATE EXTENSION pg_stat_statements; CREATE TABLE places (id int PRIMARY KEY); CREATE TABLE inner_ones (id int PRIMARY KEY);
     ALTER EXTENSION pg_stat_statements ADD TABLE places; ALTER EXTENSION pg_stat_statements ADD TABLE inner_ones;
     CREATE SCHEMA "Its own"; CREATE TABLE "Its own".jobs (id int); ALTER EXTENSION pg_stat_statements ADD SCHEMA "Its own"; ALTER EXTENSION pg_stat_statements ADD TABLE "Its own".jobs;
     UPDATE pg_extension SET extconfig = ARRAY['places'::regclass::oid, '"Its own".jobs'::regclass::oid], extcondition = ARRAY['', ''] WHERE extname = 'pg_stat_statements'`,
  )
  await installThere(superuser, [{ name: 'pg_stat_statements', schema: 'public' }], 'drill')
  await role.query('INSERT INTO places VALUES (1)')
  expect((await role.query('SELECT id FROM places')).rows).toEqual([{ id: 1 }])
  await role.query('INSERT INTO "Its own".jobs VALUES (1)')
  await expect(role.query('CREATE TABLE "Its own".pg_class ()')).rejects.toMatchObject({ code: '42501' })
  await expect(role.query('SELECT FROM inner_ones')).rejects.toMatchObject({ code: '42501' })

  // What a dump could hold: a type that becomes the one referred to through a function of its own.
  await role.query(
    `CREATE TABLE ran_as (who text); GRANT INSERT ON ran_as TO PUBLIC;
     CREATE TYPE id_of AS (id int);
     CREATE FUNCTION id_from(id_of) RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.ran_as VALUES (current_user); RETURN $1.id; END $$;
     CREATE CAST (id_of AS int) WITH FUNCTION id_from(id_of) AS IMPLICIT;
     CREATE TABLE referring (place id_of)`,
  )
  const refer = async () => {
    await role.query('ALTER TABLE referring ADD FOREIGN KEY (place) REFERENCES places')
    await role.query('INSERT INTO referring VALUES (ROW(1))')
  }
  await expect(refer()).rejects.toMatchObject({ code: '42501', message: expect.stringContaining('places') })
  expect((await role.query('SELECT who FROM ran_as')).rows).toEqual([])
})

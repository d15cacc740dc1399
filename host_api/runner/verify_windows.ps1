# verify_windows.ps1 [-Tree DIR] [-Report FILE] - on a real Windows, shows what this system denies to a plugin in a process of
# its own. Wine runs such plugins and denies them nothing, so only this can tell.
#
#   powershell -ExecutionPolicy Bypass -File host_api\runner\verify_windows.ps1
#
# -Tree is the build tree of the windows preset (build\windows, with tests), which may come from another computer. Run it as
# the ordinary user that a console has, not as an administrator. The attacking plugin tries to write a file beside itself,
# C:\attack.txt and the registry's key HKCU\Software\Attack; whatever of that is let happen is taken away at the end.
# Exit code 0: everything was denied; 1: something was not; 2: it could not be tried.
param(
   [string]$Tree = (Join-Path $PSScriptRoot '..\..\build\windows'),
   [string]$Report = (Join-Path (Get-Location) 'isolation-report.txt')
)
$ErrorActionPreference = 'Stop'

$verifier = Join-Path $Tree 'bin\verify_isolation.exe'
$runner = Join-Path $Tree 'bin\attacked_runner.exe'
$plugin = Join-Path $Tree 'tests\host\isolation\attacking_plugin.dll'
foreach ($file in $verifier, $runner, $plugin) {
   if (-not (Test-Path $file)) {
      Write-Host "There is no $file. Build the tests of the windows preset, or name the build tree with -Tree."
      exit 2
   }
}

$identity = [Security.Principal.WindowsIdentity]::GetCurrent()
$administrator = ([Security.Principal.WindowsPrincipal]$identity).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
$system = Get-CimInstance Win32_OperatingSystem
$lines = @(
   "$($system.Caption) $($system.Version) $env:PROCESSOR_ARCHITECTURE, $(Get-Date -Format s)",
   "as an administrator: $administrator",
   ''
)
# Errors of the verifier belong to the report, and do not end this script.
$ErrorActionPreference = 'Continue'
$lines += & $verifier $runner $plugin 2>&1 | ForEach-Object { "$_" } | ForEach-Object { Write-Host $_; $_ }
$code = $LASTEXITCODE

Remove-Item 'C:\attack.txt', 'HKCU:\Software\Attack' -ErrorAction SilentlyContinue
$lines | Set-Content -Encoding UTF8 $Report
Write-Host ''
Write-Host "The report is in $Report."
exit $code

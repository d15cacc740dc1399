// The console's words for states and outcomes, as a person reads them; each with its tone.

export const kPluginStates = {
  available: ['quiet', 'Not enabled'], enabled: ['good', 'Enabled'], disabled: ['quiet', 'Disabled'],
  modified: ['caution', 'Changed'], incompatible: ['bad', 'Incompatible'], invalid: ['bad', 'Not a usable plugin'],
  duplicate: ['bad', 'Duplicate'], failed: ['bad', 'Failed'],
};

export const kIntegrationStates = {
  active: ['good', 'Active'], needs_sign_in: ['bad', 'Needs sign-in'], needs_attention: ['caution', 'Needs attention'],
  temporary_trouble: ['caution', 'Temporary trouble'], disabled: ['quiet', 'Disabled'],
};

export const kOutcomes = {
  accepted: ['good', 'Accepted'], refused: ['bad', 'Refused'], invalid_settings: ['bad', 'Settings invalid'],
  conflict: ['bad', 'Conflict'], unreachable: ['caution', 'Unreachable'], throttled: ['caution', 'Throttled'],
  unavailable: ['caution', 'Unavailable'], cancelled: ['quiet', 'Cancelled'], timed_out: ['caution', 'Timed out'],
  incompatible: ['bad', 'Plugin unusable'], failed: ['bad', 'Failed'],
};

export const kSteps = {
  settings: 'Settings', validate_credentials: 'Credentials', check_permissions: 'Permissions', authenticate: 'Session',
};

export const kStepStates = {
  passed: ['good', 'passed'], warning: ['caution', 'passed, with a warning'], failed: ['bad', 'failed'],
  skipped: ['quiet', 'not done'], waiting: ['quiet', 'waiting'], running: ['running', 'running'],
};

const isAbout = (report, area) => report.findings.some((one) => one.severity === 'error' && one.code.startsWith(area));

export function headline(report, purpose) {
  switch (report.outcome) {
    case 'accepted':
      return {add: 'The integration is saved', edit: 'The changes are saved', check: 'Everything is in order',
        try_out: 'These settings would be accepted'}[purpose];
    case 'refused':
      return isAbout(report, 'perm.') ? 'The permissions are not sufficient'
          : isAbout(report, 'auth.') ? 'The credentials were refused' : 'The platform refused';
    case 'invalid_settings': return 'Some settings need to be corrected';
    case 'conflict': return isAbout(report, 'name.') ? 'The name is already used'
        : isAbout(report, 'account.already') ? 'This account is already connected' : 'This cannot be saved';
    case 'unreachable': return 'The platform could not be reached';
    case 'throttled': return 'The platform asks to wait';
    case 'unavailable': return 'The platform gave no usable answer';
    case 'cancelled': return 'The check was cancelled';
    case 'timed_out': return 'The check took too long';
    case 'incompatible': return 'The plugin cannot be used';
    default: return 'The check could not be completed';
  }
}

// What became of the settings.
export function consequence(report, purpose) {
  const good = report.outcome === 'accepted';
  if (purpose === 'check') {
    return good ? 'The saved settings work as they should.' : 'The integration stays saved as it is.';
  }
  if (purpose === 'try_out') return 'Nothing was saved: this was a check only.';
  if (good) return 'The integration is ready to be used.';
  return purpose === 'edit' ? 'Nothing was changed: the settings saved before stay in use.' : 'Nothing was saved.';
}

// The console's words for states, outcomes and steps are their codes written out, as the command line writes them; here
// each gets its tone.
import {badge, when} from '/dom.js';

const kTones = {
  good: ['active', 'enabled', 'accepted', 'passed', 'granted'],
  bad: ['needs_sign_in', 'refused', 'invalid_settings', 'conflict', 'incompatible', 'invalid', 'duplicate', 'failed', 'missing'],
  caution: ['needs_attention', 'temporary_trouble', 'modified', 'unreachable', 'throttled', 'unavailable', 'timed_out', 'warning',
    'restricted', 'not_verified', 'not_granted'],
  running: ['running'],
};

export const toneOf = (code) => Object.keys(kTones).find((tone) => kTones[tone].includes(code)) ?? 'quiet';

export const words = (code) => code.replaceAll('_', ' ');

export const titled = (code) => words(code.charAt(0).toUpperCase() + code.slice(1));

export const badgeOf = (code) => badge(toneOf(code), titled(code));

// What an accepted check found that is not in order, {restricted: 14}, as the command line says it: "14 restricted".
const kRemarks = {
  unverified: (count) => `${count} to confirm`, restricted: (count) => `${count} restricted`,
  missing_optional: (count) => `${count} optional missing`, deprecated: () => 'sign-in method to replace',
  other: (count) => `${count} ${count === 1 ? 'warning' : 'warnings'}`,
};
export const remarkWords = (remarks) => Object.entries(kRemarks).filter(([kind]) => remarks?.[kind] > 0)
    .map(([kind, say]) => say(remarks[kind])).join(', ');

// The state of an integration: one that works with remarks has its own mark, tone and words.
export function stateBadge({state, last_check: last}) {
  const remarks = state === 'active' ? remarkWords(last?.remarks) : '';
  return remarks ? badge('caution', `${titled(state)}, ${remarks}`) : badgeOf(state);
}

// Why the newest check could not be made; nothing when it was.
export const notChecked = ({not_checked: failed}) => failed ? ['Could not be checked ', when(failed.at), `: ${failed.why}`] : null;

// The field of the form that a finding is about; the name of the integration has no field in a manifest.
export const fieldOf = ({field, code}) => field ?? (/^(name|input)\./.test(code) ? 'name' : null);

export const kSteps = ['settings', 'validate_credentials', 'check_permissions', 'authenticate'];

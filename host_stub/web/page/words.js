// The console's words for states, outcomes and steps are their codes written out, as the command line writes them; here
// each gets its tone.
import {badge} from '/dom.js';

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

export const kSteps = ['settings', 'validate_credentials', 'check_permissions', 'authenticate'];

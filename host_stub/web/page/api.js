// The JSON API of the console. Every failure is a Problem with what happened and what to do.

// The half of the session that belongs to this origin, port included; the other half is a cookie, which browsers send to
// every port of this machine. Kept where a reload and a second tab find it. Without the cookie it opens nothing.
const kToken = 'token';

export class Problem extends Error {
  constructor(status, {code, summary, remedy}) {
    super(summary);
    Object.assign(this, {status, code, summary, remedy});
  }
}

// The console's answer as it is, whatever its status.
export async function answer(method, path, body, signal) {
  const token = localStorage.getItem(kToken);
  try {
    return await fetch(`/api/v1/${path}`, {
      method, signal, cache: 'no-store',
      headers: {...(body ? {'Content-Type': 'application/json'} : {}), ...(token ? {'X-MSP-CSRF': token} : {})},
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem(0, {code: 'page.console_gone', summary: 'The console does not answer.',
      remedy: 'Start it again with "msp-console serve" and open the link that it prints.'});
  }
}

export async function call(method, path, body, signal) {
  const response = await answer(method, path, body, signal);
  const document = await response.json();
  if (!response.ok) throw new Problem(response.status, document.error);
  return document;
}

export const get = (path, signal) => call('GET', path, undefined, signal);
export const post = (path, body = {}) => call('POST', path, body);

// With the key of the one-time link, which is used up.
export async function openSession(key) {
  const {csrf} = await call('POST', 'session', {key});
  localStorage.setItem(kToken, csrf);
}

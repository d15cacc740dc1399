// The JSON API of the console. Every failure is a Problem with what happened and what to do.

// What changes something waits for it; what only reads does not.
let session = Promise.resolve({csrf: ''});

export class Problem extends Error {
  constructor(status, {code, summary, remedy}) {
    super(summary);
    Object.assign(this, {status, code, summary, remedy});
  }
}

export async function call(method, path, body, signal) {
  const {csrf} = method === 'GET' ? {} : await session.catch(() => openSession());
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method, signal, cache: 'no-store',
      headers: {...(body ? {'Content-Type': 'application/json'} : {}), ...(csrf ? {'X-MSP-CSRF': csrf} : {})},
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem(0, {code: 'page.console_gone', summary: 'The console does not answer.',
      remedy: 'Start it again with "msp-console serve" and open the link that it prints.'});
  }
  const document = await response.json();
  if (!response.ok) throw new Problem(response.status, document.error);
  return document;
}

export const get = (path, signal) => call('GET', path, undefined, signal);
export const post = (path, body = {}) => call('POST', path, body);

// With the key of the one-time link, or with the cookie that an earlier one left.
export function openSession(key) {
  session = key ? call('POST', 'session', {key}) : get('session');
  return session;
}

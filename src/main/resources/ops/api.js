// The operator's API, as /ops/api/openapi.json describes it.

import { sayingOf, t } from './i18n.js';

// a name and a password in the address would stop every call
const API = `${location.origin}${location.pathname}api/`;

/** What the server said, in the reader's language where its code is known. */
class ApiError extends Error {
  constructor(status, error) {
    super(sayingOf('error', error?.code, error?.message ?? `HTTP ${status}`, { detail: error?.detail ?? '' }));
  }
}

/** Asks; a service that is down is told in our own words, not in the browser's. */
async function ask(address, how) {
  try {
    return await fetch(address, how);
  } catch (error) {
    throw error.name === 'AbortError' ? error : new Error(t('error.silent'));
  }
}

async function answer(response) {
  const json = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new ApiError(response.status, json.error);
  }
  return json;
}

export async function get(path, signal) {
  return answer(await ask(`${API}${path}`, { signal }));
}

export async function act(verb, body) {
  return answer(
    await ask(`${API}actions/${verb}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Klingdrop': '1' },
      body: JSON.stringify(body),
    }),
  );
}

/** Pauses or resumes an account. */
export async function lane(name, verb) {
  return answer(
    await ask(`${API}lanes/${encodeURIComponent(name)}/${verb}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Klingdrop': '1' },
      body: '{}',
    }),
  );
}

/** Drops one bundle. The key makes a repeated call harmless. */
export async function upload(form, key) {
  return answer(
    await ask(`${API}bundles`, {
      method: 'POST',
      headers: { 'X-Klingdrop': '1', 'Idempotency-Key': key },
      body: form,
    }),
  );
}

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Words of a query, without those that are empty. */
export function query(words) {
  const filled = Object.entries(words).filter(([, value]) => value !== '' && value !== null);
  return new URLSearchParams(filled).toString();
}

/**
 * Listens to changes for as long as the page can be seen.
 * @param told is given the jobs in each state
 * @param standing is given whether the connection stands
 */
export function listen(told, standing) {
  let source = null;
  let timer = 0;
  const open = () => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(`${API}events`);
    source.onopen = () => standing(true);
    source.addEventListener('change', (event) => told(JSON.parse(event.data).states));
    source.onerror = () => {
      standing(false);
      if (source.readyState === EventSource.CLOSED) {
        timer = setTimeout(open, 3000);
      }
    };
  };
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      clearTimeout(timer);
      source?.close();
    } else {
      open();
    }
  });
  open();
}

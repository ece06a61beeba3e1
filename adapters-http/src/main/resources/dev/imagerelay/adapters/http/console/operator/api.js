/* Asks the administration. The token is kept for this tab alone and goes nowhere but into the header. */

import { ask } from '/console/console.js';

const TOKEN = 'image-relay.admin-token';
const NAME = 'image-relay.admin-name';

export function isSignedIn() {
  return sessionStorage.getItem(TOKEN) !== null;
}

export function signedInAs() {
  return sessionStorage.getItem(NAME) ?? 'admin';
}

/** Keeps token and name if the token is taken; refused otherwise. */
export async function signIn(token, name) {
  await send('GET', '/accounts?limit=1', { token, name });
  sessionStorage.setItem(TOKEN, token);
  sessionStorage.setItem(NAME, name);
}

export function signOut() {
  sessionStorage.removeItem(TOKEN);
  sessionStorage.removeItem(NAME);
}

export const get = (path, query = {}) => json('GET', path + search(query));
export const post = (path, body = {}) => json('POST', path, body);
export const patch = (path, body) => json('PATCH', path, body);

/** The same answer as a file to be saved. */
export async function saveCsv(path, query, file) {
  const answer = await send('GET', path + search(query), { accept: 'text/csv' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const names = new Map();
const MOST_NAMES = 100;

/** What those accounts are called, by their ids, as far as that can be asked at once. */
export async function accountNames(ids) {
  const unknown = [...new Set(ids)].filter(id => !names.has(id)).slice(0, MOST_NAMES);
  if (unknown.length > 0) {
    (await get('/accounts', { id: unknown.join(',') })).data.forEach(account => names.set(account.id, account.name));
  }
  return names;
}

/** A query of what is not empty. */
export function search(query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length === 0 ? '' : '?' + new URLSearchParams(given);
}

const json = async (method, path, body) => (await send(method, path, { body })).json();

function send(method, path, { body, accept = 'application/json', token, name } = {}) {
  return ask('/admin' + path, {
    method,
    body: body && JSON.stringify(body),
    headers: {
      Accept: accept,
      Authorization: `Bearer ${token ?? sessionStorage.getItem(TOKEN)}`,
      'X-Admin-Name': name ?? signedInAs(),
    },
  });
}

/* Asks the administration. The token is kept for this tab alone and goes nowhere but into the header. */

const TOKEN = 'image-relay.admin-token';
const NAME = 'image-relay.admin-name';

/** What the administration refused, in its words. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export function isSignedIn() {
  return sessionStorage.getItem(TOKEN) !== null;
}

export function signedInAs() {
  return sessionStorage.getItem(NAME) ?? 'admin';
}

/** Keeps token and name if the token is taken; refused otherwise. */
export async function signIn(token, name) {
  await read(await send('GET', '/accounts?limit=1', { token, name }));
  sessionStorage.setItem(TOKEN, token);
  sessionStorage.setItem(NAME, name);
}

export function signOut() {
  sessionStorage.removeItem(TOKEN);
  sessionStorage.removeItem(NAME);
}

export const get = (path, query = {}) => ask('GET', path + search(query));
export const post = (path, body = {}) => ask('POST', path, body);
export const patch = (path, body) => ask('PATCH', path, body);

/** The same answer as a file to be saved. */
export async function saveCsv(path, query, file) {
  const answer = await send('GET', path + search(query), { accept: 'text/csv' });
  if (!answer.ok) {
    await read(answer);
  }
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

async function ask(method, path, body) {
  return read(await send(method, path, { body }));
}

function send(method, path, { body, accept = 'application/json', token, name } = {}) {
  const headers = {
    Accept: accept,
    Authorization: `Bearer ${token ?? sessionStorage.getItem(TOKEN)}`,
    'X-Admin-Name': name ?? signedInAs(),
  };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  return fetch('/admin' + path, { method, headers, body: body && JSON.stringify(body), cache: 'no-store' })
    .catch(() => {
      throw new Refused(0, 'The gateway cannot be reached.');
    });
}

async function read(answer) {
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new Refused(answer.status, json.detail ?? `The gateway answered ${answer.status}.`);
  }
  return json;
}

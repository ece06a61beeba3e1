/* What the pages of the console share. Everything that came from somewhere is shown by textContent, as text. */

/** An element of what there is: attributes and children that are missing or `false` are left out. */
export const h = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, children);

/** The same for a drawing in SVG. */
export const drawn = (tag, attributes = {}, ...children) =>
  filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

const isThere = value => value !== undefined && value !== null && value !== false;

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes).filter(([, value]) => isThere(value))) {
    if (typeof value === 'function') made[name] = value;
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat(Infinity).filter(isThere));
  return made;
}

export const byId = id => document.getElementById(id);

/** An amount as people write it: at most six decimals, and none that say nothing. */
export function credits(amount) {
  return Number(amount).toLocaleString('en', { maximumFractionDigits: 6 });
}

/** "1 credit", "2 credits". */
export function some(count, one) {
  return `${credits(count)} ${one}${Number(count) === 1 ? '' : 's'}`;
}

/** A time as it is told here, and exactly to whoever points at it. */
export function time(iso) {
  const at = new Date(iso);
  const shown = at.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
  return h('time', { datetime: iso, title: iso }, shown);
}

/**
 * The caller's key: in this tab's session and nowhere else. An address that ends in #key=... brings one, which is taken
 * out of the address at once.
 */
const KEY = 'image-relay-key';
export const key = {
  get: () => sessionStorage.getItem(KEY) ?? '',
  set: value => (value ? sessionStorage.setItem(KEY, value) : sessionStorage.removeItem(KEY)),
  takeFromAddress() {
    const brought = new URLSearchParams(location.hash.slice(1)).get('key');
    if (brought) {
      key.set(brought.trim());
      history.replaceState(null, '', location.pathname + location.search);
    }
  },
};

/** A request that was refused, in the words of the gateway; the status is 0 if it could not be reached. */
export class Refused extends Error {
  constructor(status, error, headers = new Headers()) {
    super(error.message);
    this.status = status;
    this.code = error.code ?? error.type ?? String(status);
    this.requestId = headers.get('x-request-id') ?? '';
    this.charged = headers.get('x-credits-charged');
  }
}

/** Asks the gateway; the answer is good, or this throws how it was refused. */
export async function ask(path, options = {}) {
  const headers = { ...options.headers };
  if (key.get()) headers.Authorization ??= `Bearer ${key.get()}`;
  if (options.body) headers['Content-Type'] = 'application/json';
  const response = await fetch(path, { ...options, headers, cache: 'no-store' }).catch(() => {
    throw new Refused(0, { message: 'The gateway cannot be reached.' });
  });
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response) {
  const told = await response.json().catch(() => null); // to customers as OpenAI does, to operators as a problem
  const message = told?.detail ?? `The gateway answered with status ${response.status}.`;
  return new Refused(response.status, told?.error ?? { message }, response.headers);
}

export const askJson = async (path, options) => (await ask(path, options)).json();

/** Puts a text on the clipboard, and says so on the button. */
export function copyButton(label, text) {
  const button = h('button', { type: 'button' }, label);
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Could not copy';
    }
    setTimeout(() => (button.textContent = label), 1500);
  });
  return button;
}

/* What the pages are made of. Whatever comes from outside becomes text, never markup. */

import { byId, copyButton, h } from '/console/console.js';
import { search } from './api.js';

const SHARE = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

/** A share, which is all only if it is, and nothing only if it is. */
export function share(part, whole) {
  if (whole === 0) {
    return '–';
  }
  const exact = part / whole;
  return SHARE.format(part === whole || part === 0 ? exact : Math.min(0.999, Math.max(0.001, exact)));
}

/** A time in UTC, to the second. */
export function time(iso) {
  return iso === null ? '–' : h('time', { datetime: iso, class: 'number' }, iso.slice(0, 19).replace('T', ' '));
}

export function duration(seconds) {
  if (seconds < 10) {
    return seconds.toFixed(2) + ' s';
  }
  if (seconds < 120) {
    return seconds.toFixed(1) + ' s';
  }
  const [size, unit] = seconds < 7_200 ? [60, 'min'] : seconds < 172_800 ? [3_600, 'h'] : [86_400, 'd'];
  return `${Math.floor(seconds / size)} ${unit}`;
}

/** How long ago that was. */
export const since = iso => duration(Math.max(0, Date.now() - new Date(iso)) / 1_000);

export const words = code => code.replaceAll('_', ' ');

/** Where a page is, with what it is asked for. */
export const place = (path, query = {}) => '#' + path + search(query);

export const link = (path, query, ...children) => h('a', { href: place(path, query) }, children);

/** An account by its name, if that is known. */
export function accountLink(id, names = new Map()) {
  const href = place('/accounts/' + encodeURIComponent(id));
  return names.has(id) ? h('a', { href, title: id, class: 'break' }, names.get(id)) : h('a', { href, class: 'mono' }, id);
}

export const relayLink = id => h('a', { href: place('/relays/' + encodeURIComponent(id)), class: 'mono' }, id);

const TONES = { settled: 'good', held: 'warn', open: 'good', suspended: 'bad' };

export const badge = word => h('span', { class: 'badge ' + (TONES[word] ?? 'bad') }, words(word));

/** How a relay ended, or that it has not. */
export const outcome = relay => badge(relay.reason ?? relay.state);

/** Which relays had that outcome, as the administration asks for them. */
export const outcomeQuery = word =>
  ['held', 'settled', 'released'].includes(word) ? { state: word } : { reason: word };

export function card(title, ...children) {
  return h('section', { class: 'card' }, h('h2', {}, title), children);
}

/** Links to the first and the next page of a list. */
export function pager(path, query, parameter, next) {
  const { [parameter]: here, ...rest } = query;
  if (here === undefined && next === null) {
    return null;
  }
  return h('nav', { class: 'row', 'aria-label': 'More' },
    here !== undefined && link(path, rest, 'First page'),
    next !== null && link(path, { ...rest, [parameter]: next }, 'Next page'));
}

let fields = 0;

/** A labelled input, textarea or select. */
export function field(label, input, hint) {
  const id = 'field-' + ++fields;
  input.id = id;
  if (hint) {
    input.setAttribute('aria-describedby', id + '-hint');
  }
  return h('div', { class: 'field' },
    h('label', { for: id }, label), input, hint && h('p', { class: 'hint', id: id + '-hint' }, hint));
}

export const input = (name, attributes = {}) => h('input', { name, autocomplete: 'off', ...attributes });

export function select(name, options, chosen) {
  return h('select', { name }, options.map(([value, label]) =>
    h('option', { value, selected: value === chosen }, label)));
}

/** A form whose values, without the empty ones, go to `act`. What that refuses is said below the fields. */
export function form(attributes, act, ...children) {
  const refusal = h('p', { class: 'note bad', role: 'alert', hidden: true });
  const node = h('form', attributes, children, refusal);
  node.addEventListener('submit', async event => {
    event.preventDefault();
    refusal.hidden = true;
    const given = Object.fromEntries([...new FormData(node)].filter(([, value]) => value.trim() !== ''));
    await busy(node.querySelector('button:not([type="button"])'), () => act(given), refusal);
  });
  return node;
}

/** A button that does something; what is refused is said behind it. */
export function button(label, act, attributes = {}) {
  const refusal = h('span', { class: 'refusal', role: 'alert', hidden: true });
  const node = h('button', { type: 'button', ...attributes }, label);
  node.addEventListener('click', () => {
    refusal.hidden = true;
    return busy(node, act, refusal);
  });
  return [node, refusal];
}

async function busy(pressed, act, refusal) {
  if (pressed) {
    pressed.disabled = true;
  }
  try {
    await act();
  } catch (error) {
    refusal.textContent = error.message;
    refusal.hidden = false;
  } finally {
    if (pressed) {
      pressed.disabled = false;
    }
  }
}

/** Tells what has been done to whoever does not see the page change. */
export function tell(text) {
  byId('told').textContent = text;
}

/** Asks whether that is meant; true if it is. */
export function confirmed(question, consequence, label) {
  return new Promise(resolve => {
    const dialog = h('dialog', { class: 'card', 'aria-labelledby': 'question' },
      h('h2', { id: 'question' }, question),
      h('p', {}, consequence),
      h('div', { class: 'row' },
        h('button', { type: 'button', class: 'primary', onclick: () => dialog.close('yes') }, label),
        h('button', { type: 'button', autofocus: true, onclick: () => dialog.close() }, 'Cancel')));
    show(dialog, () => resolve(dialog.returnValue === 'yes'));
  });
}

/** Shows a secret, which is gone when the dialog is closed. */
export function reveal(title, secret) {
  return new Promise(resolve => {
    const dialog = h('dialog', { class: 'card', 'aria-labelledby': 'secret', oncancel: stay },
      h('h2', { id: 'secret' }, title),
      h('p', { class: 'note warn' }, 'This key is shown once. Nobody can look it up later.'),
      h('pre', { class: 'secret', tabindex: 0 }, secret),
      h('div', { class: 'row' },
        copyButton('Copy', () => secret),
        h('button', { type: 'button', class: 'primary', onclick: () => dialog.close() }, 'I have kept it')));
    show(dialog, resolve);
  });
}

/** Lest a key is lost to a press of Escape. */
function stay(event) {
  event.preventDefault();
}

function show(dialog, closed) {
  dialog.addEventListener('close', () => {
    dialog.remove();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
}

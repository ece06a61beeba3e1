/* Which page is shown: its address is behind the `#`, so that it can be kept, sent and gone back from. */

import { Refused, byId, h } from '/console/console.js';
import { nothing } from '/console/table.js';
import { isSignedIn, signIn, signOut, signedInAs } from './api.js';
import { field, form, input, place } from './parts.js';
import { overview } from './overview.js';
import { accounts } from './accounts.js';
import { account } from './account.js';
import { relays } from './relays.js';
import { relay } from './relay.js';
import { usage } from './usage.js';
import { prices } from './prices.js';
import { audit, grants, losses, settings } from './lists.js';

const PAGES = [
  [/^\/$/, overview],
  [/^\/accounts$/, accounts],
  [/^\/accounts\/([^/]+)$/, account],
  [/^\/relays$/, relays],
  [/^\/relays\/([^/]+)$/, relay],
  [/^\/usage$/, usage],
  [/^\/prices$/, prices],
  [/^\/grants$/, grants],
  [/^\/losses$/, losses],
  [/^\/audit$/, audit],
  [/^\/settings$/, settings],
];

const LINKS = [
  ['/', {}, 'Overview'],
  ['/accounts', {}, 'Accounts'],
  ['/relays', {}, 'Relays'],
  ['/relays', { state: 'held' }, 'Open holds'],
  ['/usage', {}, 'Usage'],
  ['/prices', {}, 'Prices'],
  ['/audit', {}, 'Audit'],
  ['/settings', {}, 'Settings'],
];

const main = byId('main');
let shown = 0;

/** Shows the page of the address anew. */
async function show() {
  const number = ++shown;
  const [path, search = ''] = (location.hash.slice(1) || '/').split('?');
  const query = Object.fromEntries(new URLSearchParams(search));
  frame(path, query);
  if (!isSignedIn()) {
    return put(signInPage());
  }
  main.setAttribute('aria-busy', 'true');
  const page = await make(path, query);
  if (number === shown) {
    put(page);
    if (document.activeElement === document.body) { // what had the focus is gone
      main.focus({ preventScroll: true });
    }
  }
}

async function make(path, query) {
  for (const [pattern, page] of PAGES) {
    const found = pattern.exec(path);
    if (found) {
      try {
        return await page(query, show, ...found.slice(1).map(decodeURIComponent));
      } catch (error) {
        return refused(error);
      }
    }
  }
  return [h('h1', {}, 'Not found'), nothing('There is no such page.')];
}

function refused(error) {
  if (error.status === 401) {
    signOut();
    frame('', {});
    return signInPage('The token is not taken any more.');
  }
  if (!(error instanceof Refused)) {
    console.error(error);
  }
  return [h('h1', {}, 'That did not work'), h('p', { class: 'note bad', role: 'alert' }, error.message)];
}

function put(page) {
  main.removeAttribute('aria-busy');
  main.replaceChildren(...[page].flat().filter(part => part));
  const title = main.querySelector('h1');
  document.title = `${title.textContent} · Image Relay`;
}

/** The bar at the top, as far as there is something to see. */
function frame(path, query) {
  const nav = byId('nav');
  const session = byId('session');
  nav.hidden = session.hidden = !isSignedIn();
  const here = LINKS.findLast(([at, asked]) =>
    (at === '/' ? path === '/' : path === at || path.startsWith(at + '/'))
      && Object.entries(asked).every(([name, value]) => query[name] === value));
  nav.replaceChildren(...LINKS.map(entry => h('a',
    { href: place(entry[0], entry[1]), 'aria-current': entry === here && 'page' }, entry[2])));
  session.replaceChildren(
    h('span', { class: 'small faint' }, signedInAs()),
    h('button', {
      type: 'button',
      class: 'quiet',
      onclick: () => {
        signOut();
        show();
      },
    }, 'Sign out'));
}

function signInPage(said) {
  const token = input('token', {
    type: 'password', required: true, autofocus: true, pattern: '[!-~]+', title: 'Letters, digits and signs of ASCII',
  });
  const page = h('section', { class: 'card sign-in' },
    h('h1', {}, 'Administration'),
    said && h('p', { class: 'note warn' }, said),
    form({ class: 'stack' }, async given => {
      await signIn(given.token.trim(), given.name ?? 'admin').catch(error => {
        token.setAttribute('aria-invalid', 'true');
        throw error.status === 401 ? new Error('This is not the administrator\'s token.') : error;
      });
      await show();
    },
      field('Token', token, 'What the gateway has as admin.token. It is kept until this tab is closed.'),
      field('Your name', input('name', { maxlength: 100, pattern: '[ -~]+', title: 'Letters without accents' }), 'For the audit trail; left out, it is “admin”.'),
      h('div', {}, h('button', { class: 'primary' }, 'Sign in'))));
  return page;
}

window.addEventListener('hashchange', async () => {
  await show();
  window.scrollTo(0, 0);
  main.focus({ preventScroll: true });
});
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault(); // what is behind the # is the address of the page
  main.focus();
});
show();

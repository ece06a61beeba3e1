/* Pages that are little more than a list. */

import { h } from '/console/console.js';
import { table } from '/console/table.js';
import { accountNames, get } from './api.js';
import { accountLink, card, form, pager, place, time } from './parts.js';
import { grantColumns } from './account.js';
import { lossTable } from './overview.js';

/** What administrators did. */
export async function audit(query) {
  const page = await get('/audit', query);
  return [
    h('div', { class: 'row apart head' }, h('h1', {}, 'Audit trail'),
      form({ class: 'row search', role: 'search' }, given => {
        location.hash = place('/audit', given);
      },
        h('label', { class: 'away', for: 'subject' }, 'Account, key or relay'),
        h('input', { id: 'subject', name: 'subject', type: 'search', placeholder: 'Account, key or relay', value: query.subject }),
        h('button', {}, 'Search'))),
    card('The newest first', table('Audit trail', [
      { name: 'When (UTC)', cell: row => time(row.at) },
      { name: 'Who', cell: row => row.who },
      { name: 'What', cell: row => row.action },
      { name: 'To', cell: row => h('a', { class: 'mono', href: place('/audit', { subject: row.subject }) }, row.subject) },
      { name: 'Before', cell: row => h('span', { class: 'small break' }, row.before ?? '–') },
      { name: 'After', cell: row => h('span', { class: 'small break' }, row.after ?? '–') },
    ], page.data, 'Nothing was done.'), pager('/audit', query, 'below', page.next)),
  ];
}

/** What came in. */
export async function grants(query) {
  const page = await get('/grants', query);
  const names = await accountNames(page.data.map(row => row.account));
  return [
    h('h1', { class: 'head' }, 'Grants'),
    card('The newest first', table('Grants', [
      { name: 'Account', cell: row => accountLink(row.account, names) }, ...grantColumns(),
    ], page.data, 'Nothing came in.'), pager('/grants', query, 'below', page.next)),
  ];
}

/** What upstreams may have charged for and no customer paid. */
export async function losses(query) {
  const page = await get('/losses', query);
  return [
    h('h1', { class: 'head' }, 'Upstream loss'),
    card('What upstreams may have charged for and no customer paid', lossTable(page.data, query)),
  ];
}

/** How the gateway is set up. */
export async function settings() {
  const told = await get('/settings');
  return [
    h('h1', { class: 'head' }, 'Settings'),
    card('What is in force, without secrets', table('Settings', [
      { name: 'Name', cell: ([name]) => h('span', { class: 'mono' }, name) },
      { name: 'Value', cell: ([, value]) => h('span', { class: 'mono break' }, value) },
    ], Object.entries(told))),
  ];
}

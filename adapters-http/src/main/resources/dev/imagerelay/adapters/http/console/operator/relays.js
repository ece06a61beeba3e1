/* Relays by what they are. */

import { credits as amount, h } from '/console/console.js';
import { table } from '/console/table.js';
import { accountNames, get, saveCsv } from './api.js';
import {
  accountLink, button, card, duration, field, form, input, link, outcome, outcomeQuery, pager, place, relayLink,
  time,
} from './parts.js';

const MOST = 1_000;

export async function relays(query) {
  const page = await get('/relays', query);
  const names = await accountNames(page.data.map(row => row.account));
  const isHeld = query.state === 'held';
  return [
    h('div', { class: 'row apart head' },
      h('h1', {}, isHeld ? 'Open holds' : 'Relays'),
      h('div', {}, button(`Save up to ${amount(MOST)} as CSV`, () => saveCsv('/relays', { ...query, limit: MOST }, 'relays.csv')))),
    filter(query),
    card(isHeld ? 'In flight, the newest first' : 'The newest first',
      table('Relays', columns(names), page.data, isHeld ? 'Nothing is in flight.' : 'No relay is like that.'),
      pager('/relays', query, 'below', page.next)),
  ];
}

function columns(names) {
  return [
    { name: 'Held (UTC)', cell: row => time(row.held_at) },
    { name: 'Relay', cell: row => relayLink(row.id) },
    { name: 'Outcome', cell: row => outcome(row) },
    { name: 'Account', cell: row => [accountLink(row.account, names), h('br'), h('span', { class: 'mono faint' }, row.key)] },
    { name: 'Model', cell: row => [row.model, h('br'), h('span', { class: 'small faint' }, `${row.size} · ${row.quality}`)] },
    { name: 'Pictures', right: true, cell: row => row.state === 'settled' ? `${row.delivered} of ${row.images}` : row.images },
    { name: 'Held', right: true, cell: row => amount(row.quoted) },
    { name: 'Charged', right: true, cell: row => [
      row.state === 'settled' ? amount(row.charged) : '–',
      row.refunded > 0 && h('div', { class: 'small faint' }, `${amount(row.refunded)} refunded`)] },
    { name: 'Took', right: true, cell: row => took(row) },
  ];
}

/** How long it took, or has been taking. */
function took(row) {
  return row.ended_at === null ? `${since(row.held_at)} so far` : duration((new Date(row.ended_at) - new Date(row.held_at)) / 1_000);
}

function filter(query) {
  return form({ class: 'card filter', role: 'search' }, given => {
    const { id, outcome: ended, ...rest } = given;
    location.hash = id ? place('/relays/' + encodeURIComponent(id)) : place('/relays', { ...rest, ...(ended && outcomeQuery(ended)) });
  },
    field('Relay', input('id', { placeholder: 'req_…' })),
    field('Account', input('account', { value: query.account })),
    field('Key', input('key', { value: query.key })),
    field('Model', input('model', { value: query.model })),
    field('Outcome', input('outcome', { value: query.reason ?? query.state, placeholder: 'timed_out' })),
    field('From', input('from', { value: query.from, placeholder: '2027-01-31' })),
    field('To', input('to', { value: query.to, placeholder: '2027-02-01' })),
    h('div', { class: 'row end' }, h('button', {}, 'Search'), link('/relays', {}, 'All')));
}

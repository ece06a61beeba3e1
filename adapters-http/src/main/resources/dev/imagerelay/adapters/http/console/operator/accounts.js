/* All accounts, and opening one. */

import { credits as amount, h } from '/console/console.js';
import { table } from '/console/table.js';
import { get, post } from './api.js';
import { accountLink, badge, card, field, form, input, link, pager, place } from './parts.js';

export async function accounts(query) {
  const page = await get('/accounts', query);
  return [
    h('div', { class: 'row apart head' }, h('h1', {}, 'Accounts'), search(query)),
    h('div', { class: 'columns' },
      card('Accounts by id', table('Accounts', [
        { name: 'Name', cell: row => link('/accounts/' + encodeURIComponent(row.id), {}, row.name) },
        { name: 'Id', cell: row => accountLink(row.id) },
        { name: 'State', cell: row => badge(row.state) },
        { name: 'Available', right: true, cell: row => amount(row.credits.available) },
        { name: 'Held', right: true, cell: row =>
          link('/relays', { account: row.id, state: 'held' }, amount(row.credits.held)) },
      ], page.data, query.name ? 'No account has that in its name.' : 'There is no account yet.'),
      pager('/accounts', query, 'after', page.next)),
      card('Open an account', form({ class: 'stack', id: 'open' }, async given => {
        const account = await post('/accounts', given);
        location.hash = place('/accounts/' + encodeURIComponent(account.id));
      },
        field('Name', input('name', { required: true, maxlength: 200 })),
        h('div', {}, h('button', {}, 'Open'))))),
  ];
}

function search(query) {
  return form({ class: 'row search', role: 'search' }, given => {
    location.hash = place('/accounts', given);
  },
    h('label', { for: 'name', class: 'away' }, 'Part of the name'),
    h('input', { id: 'name', name: 'name', type: 'search', placeholder: 'Part of the name', value: query.name }),
    h('button', {}, 'Search'));
}

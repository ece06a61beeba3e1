/* One relay: how it went, what was entered for it, and giving back what it cost. */

import { accountNames, get, post } from './api.js';
import { credits as amount, h, some } from '/console/console.js';
import {
  accountLink, card, confirmed, duration, field, form, input, link, outcome, place, since, tell, time, words,
} from './parts.js';
import { entryTable } from './account.js';

export async function relay(query, refresh, id) {
  const path = '/relays/' + encodeURIComponent(id);
  const told = await get(path);
  const names = await accountNames([told.account]);
  const left = Math.round((told.charged - told.refunded) * 1e6) / 1e6;
  return [
    h('p', { class: 'small crumbs' }, link('/relays', {}, 'Relays')),
    h('div', { class: 'row head' }, h('h1', { class: 'mono break id' }, told.id), outcome(told)),
    h('div', { class: 'columns' },
      h('div', { class: 'stack' },
        card('Timeline', timeline(told)),
        card('Entries', entryTable(told.entries, false))),
      h('div', { class: 'stack' },
        card('Order', facts(told, names)),
        told.state === 'settled' && card('Refund', left > 0
          ? refund(names.get(told.account), left, path, refresh)
          : h('p', { class: 'faint' }, 'All that it cost has been given back.')))),
  ];
}

function timeline(told) {
  const refunds = told.entries.filter(entry => entry.kind === 'refunded')
    .map(entry => ({ at: entry.at, what: 'refunded', entry }));
  return h('ol', { class: 'timeline' }, [...told.timeline, ...refunds].map(moment =>
    h('li', { class: moment.what },
      h('p', {}, h('strong', {}, sentence(told, moment)), ' ', h('span', { class: 'small faint' }, time(moment.at))),
      h('p', { class: 'small faint break' }, detail(told, moment)))),
    told.ended_at === null && h('li', { class: 'waiting' },
      h('p', {}, h('strong', {}, 'Waiting for the upstream')),
      h('p', { class: 'small faint' }, since(told.held_at), ' so far')));
}

function sentence(told, { what, entry }) {
  return {
    held: () => `${some(told.quoted, 'credit')} held`,
    settled: () => `${some(told.charged, 'credit')} charged for ${told.delivered} of ${some(told.images, 'picture')}`,
    released: () => `${some(told.quoted, 'credit')} given back: ${words(told.reason ?? '')}`,
    refunded: () => `${some(entry.amount, 'credit')} refunded`,
  }[what]();
}

function detail(told, { what, seconds, entry }) {
  return {
    held: () => 'The upstream hears of it only now.',
    settled: () => `${duration(seconds ?? 0)} after the hold`
      + (told.quoted > told.charged ? `; ${amount(told.quoted - told.charged)} given back` : ''),
    released: () => `${duration(seconds ?? 0)} after the hold; nothing was charged`,
    refunded: () => entry.note && `${entry.note.who}: ${entry.note.reason}`,
  }[what]();
}

function facts(told, names) {
  return h('dl', { class: 'facts' }, [
    ['Account', accountLink(told.account, names)],
    ['Key', h('a', { class: 'mono', href: place('/relays', { key: told.key }) }, told.key)],
    ['Model', link('/relays', { model: told.model }, told.model)],
    ['Size', told.size],
    ['Quality', told.quality],
    ['Pictures', `${told.images} ordered, ${told.delivered} delivered`],
    ['Held', amount(told.quoted)],
    ['Charged', amount(told.charged)],
    ['Refunded', amount(told.refunded)],
    ['Priced by', h('a', { class: 'mono', href: place('/prices', { version: told.price_version }) }, told.price_version)],
  ].map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

function refund(customer, left, path, refresh) {
  return form({ class: 'stack', id: 'refund' }, async given => {
    if (await confirmed(`Refund ${some(given.amount, 'credit')}?`,
      `They go back to ${customer} at once. A refund cannot be undone.`, 'Refund')) {
      await post(path + '/refunds', given);
      await refresh();
      tell('Refunded.');
    }
  },
    field('Credits', input('amount', { value: left, required: true, inputmode: 'decimal' }), `Up to ${amount(left)}`),
    field('Reason', input('reason', { required: true, maxlength: 500 }), 'The customer sees it beside the refund.'),
    h('div', {}, h('button', {}, 'Refund …')));
}

/* One account: what it has, what it may do, and what happened to its credits. */

import { credits as amount, h, some } from '/console/console.js';
import { table } from '/console/table.js';
import { get, patch, post } from './api.js';
import {
  badge, button, card, confirmed, field, form, input, link, pager, relayLink, reveal, select, tell, time, words,
} from './parts.js';

const LIMITS = [
  ['requests_per_minute', 'Requests a minute'],
  ['images_per_minute', 'Pictures a minute'],
  ['requests_at_once', 'Requests at once'],
  ['credits_per_day', 'Credits a day'],
];

export async function account(query, refresh, id) {
  const path = '/accounts/' + encodeURIComponent(id);
  const [told, keys, entries] = await Promise.all([
    get(path), get(path + '/keys'), get(path + '/entries', { limit: 25, ...query }),
  ]);
  const done = async text => {
    await refresh();
    tell(text);
  };
  return [
    h('p', { class: 'small crumbs' }, link('/accounts', {}, 'Accounts')),
    h('div', { class: 'row apart head' },
      h('div', {}, h('h1', { class: 'break' }, told.name), h('p', { class: 'small row' },
        h('span', { class: 'mono faint' }, told.id), badge(told.state),
        link('/relays', { account: id }, 'Its relays'), link('/usage', { account: id }, 'Its usage'),
        link('/audit', { subject: id }, 'Its audit trail'))),
      h('div', {}, suspension(told, path, done))),
    h('dl', { class: 'tiles figures' }, [
      ['Available', amount(told.credits.available)],
      ['Held', link('/relays', { account: id, state: 'held' }, amount(told.credits.held))],
      ['Granted', amount(told.credits.granted)],
      ['Spent', link('/relays', { account: id, state: 'settled' }, amount(told.credits.spent))],
      ['Expired', amount(told.credits.expired)],
    ].map(([name, value]) => h('div', { class: 'tile' }, h('dt', {}, name), h('dd', {}, value)))),
    h('div', { class: 'columns' },
      h('div', { class: 'stack' },
        card('Keys', keyTable(keys.data, done)),
        card('Grants, in the order in which they are spent', grantTable(told.grants)),
        card('Entries', entryTable(entries.data), pager('/accounts/' + encodeURIComponent(id), query, 'below',
          entries.next))),
      h('div', { class: 'stack' },
        card('Give credits', giving(path, done)),
        card('Issue a key', issuing(path, done)),
        card('Limits', limits(told.limits, path, done)),
        card('Adjust by hand', adjusting(path, done)))),
  ];
}

function suspension(told, path, done) {
  return told.state === 'open'
    ? button('Suspend', async () => {
      if (await confirmed(`Suspend ${told.name}?`, 'Its keys are refused at once. What is in flight goes on.', 'Suspend')) {
        await patch(path, { state: 'suspended' });
        await done('Suspended.');
      }
    })
    : button('Open again', async () => {
      await patch(path, { state: 'open' });
      await done('Open again.');
    });
}

function giving(path, done) {
  return form({ class: 'stack', id: 'give' }, async given => {
    const posted = await post(path + '/grants', {
      ...given,
      expires_at: given.expires_at && given.expires_at + 'T00:00:00Z',
    });
    await done(posted.changed ? `${some(given.amount, 'credit')} given.` : 'That had been given before; nothing was changed.');
  },
    h('div', { class: 'pair' },
      field('Credits', input('amount', { required: true, inputmode: 'decimal', pattern: '[0-9]+([.][0-9]{1,6})?' })),
      field('Source', select('source', [
        ['purchased', 'Purchased'], ['promotional', 'Promotional'],
      ]))),
    h('div', { class: 'pair' },
      field('Expires on', input('expires_at', { type: 'date' }), 'At 0:00 UTC; empty: never'),
      field('External id', input('external_id', { maxlength: 200 }), 'Such as a payment: counts once')),
    h('div', {}, h('button', {}, 'Give')));
}

function adjusting(path, done) {
  return form({ class: 'stack', id: 'adjust' }, async given => {
    await post(path + '/adjustments', { [given.direction]: given.amount, reason: given.reason });
    await done('Adjusted.');
  },
    h('div', { class: 'pair' },
      field('What to do', select('direction', [['add', 'Add'], ['take', 'Take away']])),
      field('Credits', input('amount', { required: true, inputmode: 'decimal' }))),
    field('Reason', input('reason', { required: true, maxlength: 500 })),
    h('div', {}, h('button', {}, 'Adjust')));
}

function issuing(path, done) {
  return form({ class: 'stack', id: 'issue' }, async given => {
    const key = await post(path + '/keys', { name: given.name, scope: {
      models: given.models?.split(/[\s,]+/).filter(model => model),
      credits: given.credits,
      expires_at: given.expires_at && given.expires_at + 'T00:00:00Z',
    } });
    await reveal(`The key ${key.name || key.prefix}`, key.secret);
    await done('A key was issued.');
  },
    h('div', { class: 'pair' },
      field('Name', input('name', { maxlength: 200 })),
      field('Models', input('models', { maxlength: 2_000 }), 'Empty: all')),
    h('div', { class: 'pair' },
      field('Credits in all', input('credits', { inputmode: 'decimal' }), 'Empty: no cap'),
      field('Expires on', input('expires_at', { type: 'date' }), 'At 0:00 UTC; empty: never')),
    h('div', {}, h('button', {}, 'Issue')));
}

function limits(now, path, done) {
  return form({ class: 'stack', id: 'limits' }, async given => {
    const sent = LIMITS.map(([name]) => {
      const value = given[name];
      return [name, value === undefined ? null : name === 'credits_per_day' ? value : Number(value)];
    });
    await patch(path, { limits: Object.fromEntries(sent) });
    await done('The limits are in force.');
  },
    h('div', { class: 'pair' }, LIMITS.map(([name, label]) =>
      field(label, input(name, { value: now[name], placeholder: 'no limit', inputmode: 'decimal' })))),
    h('div', {}, h('button', {}, 'Save')));
}

function keyTable(keys, done) {
  return table('Keys', [
    { name: 'Key', cell: key => [h('span', { class: 'mono' }, key.prefix), h('br'), key.name] },
    { name: 'May order', cell: key => scope(key.scope) },
    { name: 'Issued', cell: key => time(key.issued_at) },
    { name: 'State', cell: key => key.revoked_at
      ? [h('span', { class: 'badge bad' }, 'revoked'), h('br'), time(key.revoked_at)]
      : h('span', { class: 'badge good' }, 'works') },
    { name: '', cell: key => [
      link('/relays', { key: key.prefix }, 'Relays'),
      !key.revoked_at && [' ', revoking(key, done)]] },
  ], keys, 'It has no key yet.');
}

function revoking(key, done) {
  return button('Revoke', async () => {
    if (await confirmed(`Revoke ${key.prefix}?`, 'Whoever uses it is refused from now on. It cannot be undone.', 'Revoke')) {
      await post(`/keys/${encodeURIComponent(key.prefix)}/revoke`);
      await done('Revoked.');
    }
  }, { class: 'small-button', 'aria-label': 'Revoke ' + key.prefix });
}

/** What a key may order, in words. */
function scope({ models, limits: most, credits, expires_at: end }) {
  return [
    models.length > 0 ? models.join(', ') : 'everything',
    credits !== null && `${amount(credits)} credits in all`,
    ...LIMITS.filter(([name]) => most[name] !== null).map(([name, label]) => `${amount(most[name])} ${label.toLowerCase()}`),
    end !== null && 'until ' + end.slice(0, 10),
  ].filter(part => part).join('; ');
}

export function grantColumns() {
  return [
    { name: 'Came in', cell: grant => time(grant.granted_at) },
    { name: 'Source', cell: grant => [words(grant.source), grant.external_id && h('div', { class: 'small faint break' }, grant.external_id)] },
    { name: 'Granted', right: true, cell: grant => amount(grant.granted) },
    { name: 'Available', right: true, cell: grant => amount(grant.available) },
    { name: 'Held', right: true, cell: grant => amount(grant.held) },
    { name: 'Expires', cell: grant => grant.expires_at ? time(grant.expires_at) : 'never' },
  ];
}

const grantTable = grants => table('Grants', grantColumns(), grants, 'Nothing was ever given.');

/** Entries; of one relay it need not be said for which. */
export function entryTable(entries, tellsRelay = true) {
  return table('Entries', [
    { name: 'When (UTC)', cell: entry => time(entry.at) },
    { name: 'What', cell: entry => h('span', { class: 'kind ' + entry.kind }, words(entry.kind)) },
    { name: 'Credits', right: true, cell: entry => amount(entry.amount) },
    (tellsRelay || entries.some(entry => entry.note)) && { name: tellsRelay ? 'For' : 'By hand', cell: entry => [
      tellsRelay && entry.relay && relayLink(entry.relay),
      entry.note && h('div', { class: 'small break' }, `${entry.note.who}: ${entry.note.reason}`)] },
  ].filter(column => column), entries);
}

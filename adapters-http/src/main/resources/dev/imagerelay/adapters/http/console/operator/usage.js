/* What was used, by time and by whatever is told apart. */

import { chart } from '/console/chart.js';
import { credits as amount, h, some } from '/console/console.js';
import { table } from '/console/table.js';
import { accountNames, get, saveCsv } from './api.js';
import { accountLink, badge, button, card, field, form, input, link, outcomeQuery, place, select } from './parts.js';
import { bounds, periodLabel, periods } from './periods.js';

const GRAINS = [['hour', 'Hour'], ['day', 'Day'], ['month', 'Month']];
const DIMENSIONS = ['account', 'key', 'model', 'size', 'quality', 'outcome'];
const DAY = 86_400_000;

export async function usage(query) {
  const { by = '', grain = 'day', account } = query;
  const to = query.to ?? new Date().toISOString();
  const from = query.from ?? new Date(new Date(to) - 30 * DAY).toISOString();
  const asked = { grain, account, from, to };
  const [rows, history] = await Promise.all([get('/usage', { ...asked, by }), get('/usage', asked)]);
  const names = by.includes('account') ? await accountNames(rows.data.map(row => row.account)) : undefined;
  const told = by === '' ? [] : by.split(',');
  return [
    h('div', { class: 'row apart head' },
      h('h1', {}, 'Usage'),
      h('div', {}, button('Save as CSV', () => saveCsv('/usage', { ...asked, by }, 'usage.csv')))),
    filter({ ...query, grain, by: told }),
    card('Credits charged', figures(history.total), bars(history.data, grain, rows.from, rows.to, account)),
    card('The same as a table', table('Usage', columns(told, grain, rows, account, names), rows.data, 'Nothing was used.')),
  ];
}

function figures(total) {
  return total && h('p', { class: 'faint' }, `${some(total.charged, 'credit')} for ${some(total.delivered, 'picture')} of `
    + `${some(total.relays, 'request')}, ${amount(total.refunded)} refunded`);
}

function bars(rows, grain, from, to, account) {
  return chart(periods(grain, from, to).map(at => {
    const row = rows.find(one => new Date(one.period) - at === 0);
    const label = periodLabel(grain, at);
    return {
      label,
      title: `${label}: ${some(row?.charged ?? 0, 'credit')}, ${some(row?.relays ?? 0, 'request')}`,
      href: place('/relays', { account, state: 'settled', ...bounds(grain, at, from, to) }),
      parts: [row?.charged ?? 0],
    };
  }), [{ name: 'credits charged', tone: 'accent' }]);
}

function columns(told, grain, { from, to }, account, names) {
  const relays = row => ({
    account: row.account ?? account,
    key: row.key,
    model: row.model,
    ...(row.outcome && outcomeQuery(row.outcome)),
    ...bounds(grain, new Date(row.period), from, to),
  });
  const exact = told.every(name => !['size', 'quality'].includes(name)); // what relays cannot be found by
  return [
    { name: 'From (UTC)', cell: row => periodLabel(grain, new Date(row.period)) },
    ...told.map(name => ({ name: name[0].toUpperCase() + name.slice(1), cell: row => cell(name, row[name], names) })),
    { name: 'Requests', right: true, cell: row =>
      exact ? link('/relays', relays(row), amount(row.relays)) : amount(row.relays) },
    { name: 'Ordered', right: true, cell: row => amount(row.ordered) },
    { name: 'Delivered', right: true, cell: row => amount(row.delivered) },
    { name: 'Held', right: true, cell: row => amount(row.quoted) },
    { name: 'Charged', right: true, cell: row => amount(row.charged) },
    { name: 'Refunded', right: true, cell: row => amount(row.refunded) },
  ];
}

function cell(name, value, names) {
  return name === 'account' ? accountLink(value, names)
    : name === 'outcome' ? badge(value)
      : name === 'key' ? h('span', { class: 'mono' }, value) : value;
}

function filter(query) {
  return form({ class: 'card filter', role: 'search' }, given => {
    const { grain, account, from, to } = given;
    const by = DIMENSIONS.filter(name => given['by-' + name]).join(',');
    location.hash = place('/usage', { grain, account, from, to, by });
  },
    field('By', select('grain', GRAINS, query.grain)),
    field('Account', input('account', { value: query.account })),
    field('From', input('from', { value: query.from, placeholder: '30 days ago' })),
    field('To', input('to', { value: query.to, placeholder: 'now' })),
    h('fieldset', { class: 'wide' }, h('legend', {}, 'Tell apart'),
      h('div', { class: 'row' }, DIMENSIONS.map(name => h('label', { class: 'check' },
        h('input', { type: 'checkbox', name: 'by-' + name, checked: query.by.includes(name) }), name)))),
    h('div', { class: 'row end' }, h('button', {}, 'Show')));
}

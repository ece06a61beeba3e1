/* What an operator looks at first. Every number leads to what it is made of. */

import { chart } from '/console/chart.js';
import { credits as amount, h, some } from '/console/console.js';
import { table } from '/console/table.js';
import { accountNames, get, post } from './api.js';
import {
  accountLink, badge, button, card, duration, link, outcomeQuery, place, share, since, tell, time, words,
} from './parts.js';
import { bounds, periodLabel, periods } from './periods.js';

const PERIODS = [['24h', '24 hours', 24, 'hour'], ['7d', '7 days', 168, 'day'], ['30d', '30 days', 720, 'day']];
const MOST_CUSTOMERS = 5;

/** What the check of the books has found, as long as the page is open. */
let checked = null;

export async function overview(query, refresh) {
  const [chosen, , hours, grain] = PERIODS.find(([name]) => name === query.period) ?? PERIODS[0];
  const to = new Date();
  const asked = { from: new Date(to - hours * 3_600_000).toISOString(), to: to.toISOString() };
  const [told, history, customers, upstreams] = await Promise.all([
    get('/overview', asked),
    get('/usage', { ...asked, grain, by: 'outcome' }),
    get('/usage', { ...asked, grain: 'all', by: 'account' }),
    get('/upstreams'),
  ]);
  const largest = customers.data.slice(0, MOST_CUSTOMERS);
  const names = await accountNames(largest.map(row => row.account));
  return [
    h('div', { class: 'row apart head' },
      h('h1', {}, 'Overview'),
      h('div', { class: 'row' },
        h('nav', { class: 'segments', 'aria-label': 'Period' }, PERIODS.map(([name, label]) =>
          h('a', { href: '#/?period=' + name, 'aria-current': name === chosen && 'true' }, label))),
        button('Refresh', refresh))),
    tiles(told, asked),
    h('div', { class: 'columns' },
      h('div', { class: 'stack' },
        card('Requests', requests(history.data, grain, asked)),
        card('How they ended', outcomes(told.outcomes, asked))),
      h('div', { class: 'stack' },
        books(refresh),
        card('Upstreams', upstreamTable(upstreams.data)),
        card('Upstream loss', lossTable(told.losses, asked)),
        card('Largest customers', table('Largest customers', [
          { name: 'Account', cell: row => accountLink(row.account, names) },
          { name: 'Requests', right: true, cell: row =>
            link('/relays', { account: row.account, ...asked }, amount(row.relays)) },
          { name: 'Charged', right: true, cell: row =>
            link('/relays', { account: row.account, state: 'settled', ...asked }, amount(row.charged)) },
        ], largest, 'Nobody has ordered anything.')))),
  ];
}

function tiles(told, asked) {
  const of = name => told.outcomes.find(row => row.outcome === name);
  const released = told.outcomes.filter(row => !['held', 'settled'].includes(row.outcome));
  const sum = (rows, name) => rows.reduce((all, row) => all + row[name], 0);
  const settled = of('settled')?.relays ?? 0;
  const ended = settled + sum(released, 'relays');
  const lost = sum(told.losses, 'relays');
  return h('dl', { class: 'tiles figures' },
    tile('Granted', link('/grants', asked, amount(told.credits.granted)), some(told.credits.grants, 'grant')),
    tile('Settled', link('/relays', { state: 'settled', ...asked }, amount(of('settled')?.charged ?? 0)),
      some(of('settled')?.delivered ?? 0, 'picture')),
    tile('Released', link('/relays', { state: 'released', ...asked }, amount(sum(released, 'quoted'))),
      some(sum(released, 'relays'), 'request')),
    tile('Held now', link('/relays', { state: 'held' }, amount(told.credits.held)),
      `${amount(told.credits.available)} available`),
    tile('Requests', link('/relays', asked, amount(sum(told.outcomes, 'relays'))),
      some(sum(told.outcomes, 'ordered'), 'picture')),
    tile('Delivered', link('/relays', { state: 'settled', ...asked }, share(settled, ended)),
      `${amount(settled)} of ${amount(ended)} ended`),
    tile('Time, p50', told.seconds ? link('/relays', { state: 'settled', ...asked },
      duration(told.seconds.p50)) : '–', told.seconds ? `p95 ${duration(told.seconds.p95)}` : 'nothing settled'),
    tile('Upstream loss', link('/losses', { from: asked.from }, amount(sum(told.losses, 'quoted'))),
      some(lost, 'request'), lost > 0));
}

function tile(name, value, detail, alarming) {
  return h('div', { class: 'tile' + (alarming ? ' alarming' : '') }, h('dt', {}, name),
    h('dd', {}, value, h('small', {}, detail)));
}

const SERIES = [
  { name: 'settled', tone: 'accent' }, { name: 'in flight', tone: 'warn' }, { name: 'released', tone: 'bad' },
];

function requests(rows, grain, asked) {
  const bars = periods(grain, asked.from, asked.to).map(at => {
    const parts = [0, 0, 0];
    rows.filter(row => new Date(row.period) - at === 0).forEach(row => {
      parts[row.outcome === 'settled' ? 0 : row.outcome === 'held' ? 1 : 2] += row.relays;
    });
    const label = periodLabel(grain, at);
    return {
      label,
      title: `${label}: ${SERIES.map((one, i) => `${parts[i]} ${one.name}`).join(', ')}`,
      query: bounds(grain, at, asked.from, asked.to),
      parts,
    };
  });
  return [
    chart(bars.map(bar => ({ ...bar, href: place('/relays', bar.query) })), SERIES),
    h('details', {}, h('summary', { class: 'small' }, 'As a table'),
      table('Requests by time', [
        { name: 'From (UTC)', cell: bar => link('/relays', bar.query, bar.label) },
        ...SERIES.map((one, i) => ({ name: one.name, right: true, cell: bar => amount(bar.parts[i]) })),
      ], bars)),
  ];
}

function outcomes(rows, asked) {
  const all = rows.reduce((sum, row) => sum + row.relays, 0);
  return table('How they ended', [
    { name: 'Outcome', cell: row => badge(row.outcome) },
    { name: 'Requests', right: true, cell: row =>
      link('/relays', { ...outcomeQuery(row.outcome), ...asked }, amount(row.relays)) },
    { name: 'Share', right: true, cell: row => share(row.relays, all) },
    { name: 'Held', right: true, cell: row => amount(row.quoted) },
    { name: 'Charged', right: true, cell: row => amount(row.charged) },
  ], [...rows].sort((one, other) => other.relays - one.relays), 'Nobody has ordered anything.');
}

export function lossTable(rows, asked) {
  return table('Upstream loss', [
    { name: 'Model', cell: row => row.model },
    { name: 'Why', cell: row => words(row.reason) },
    { name: 'Requests', right: true, cell: row =>
      link('/relays', { model: row.model, reason: row.reason, ...asked }, amount(row.relays)) },
    { name: 'Credits', right: true, cell: row => amount(row.quoted) },
  ], rows, 'Whatever upstreams made was paid for.');
}

const STATES = { closed: ['good', 'asked'], half_open: ['warn', 'on trial'], open: ['bad', 'not asked'] };

function upstreamTable(rows) {
  return table('Upstreams', [
    { name: 'Name', cell: row => [row.name, h('div', { class: 'small faint break' }, row.host)] },
    { name: 'State', cell: row => {
      const [tone, word] = STATES[row.state];
      return [h('span', { class: 'badge ' + tone, title: row.state }, word),
        h('div', { class: 'small faint' }, 'for ', h('span', { title: row.since }, since(row.since)),
          row.failures > 0 && `, ${some(row.failures, 'failure')} in a row`)];
    } },
    { name: 'In flight', right: true, cell: row => `${amount(row.in_flight)} of ${amount(row.most_in_flight)}` },
  ], rows);
}

function books(refresh) {
  const lamp = checked === null ? ['', 'Not checked since this page was opened.']
    : checked.balanced ? ['good', 'Every credit is accounted for, and every price was right.']
      : ['bad', 'The books do not agree:'];
  return card('Books',
    h('p', { class: 'lamp ' + lamp[0] }, lamp[1]),
    checked && !checked.balanced && h('ul', { class: 'note bad' }, checked.offenders.map(line => h('li', {}, line))),
    h('div', { class: 'row' },
      button('Verify now', async () => {
        checked = { ...await post('/verify'), at: new Date().toISOString() };
        tell(checked.balanced ? 'The books balance.' : 'The books do not balance.');
        await refresh();
      }),
      checked ? h('span', { class: 'small faint' }, 'Checked at ', time(checked.at))
        : h('span', { class: 'small faint' }, 'It reads everything and takes its time.')));
}

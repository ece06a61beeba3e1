/* What is on offer and what it costs, by size and quality; and what it used to cost. */

import { credits as amount, h } from '/console/console.js';
import { nothing, table } from '/console/table.js';
import { get, post } from './api.js';
import { button, card, link, tell, time } from './parts.js';

export async function prices(query, refresh) {
  const [catalogue, old] = await Promise.all([
    get('/catalogue'),
    query.version && get('/catalogue/versions/' + encodeURIComponent(query.version)),
  ]);
  return [
    h('div', { class: 'row apart head' },
      h('div', {}, h('h1', {}, 'Prices'), h('p', { class: 'small faint' }, 'Credits for one picture, version ',
        h('span', { class: 'mono' }, catalogue.price_version))),
      h('div', { class: 'row' }, button('Read the file again', async () => {
        const now = await post('/catalogue/reload');
        await refresh();
        tell(now.before === now.price_version ? 'The prices are what they were.' : 'New prices are in force.');
      }))),
    h('div', { class: 'columns' },
      h('div', { class: 'stack' },
        old && card('Prices of version ' + old.version, h('pre', { class: 'note', tabindex: 0 }, old.prices),
          link('/prices', {}, 'The prices in force')),
        catalogue.models.map(priceTable)),
      card('Versions', table('Versions', [
        { name: 'Version', cell: row => [
          h('a', { class: 'mono', href: '#/prices?version=' + row.version }, row.version), ' ',
          row.version === catalogue.price_version && h('span', { class: 'badge good' }, 'in force')] },
        { name: 'Since (UTC)', cell: row => time(row.since) },
      ], [...catalogue.versions].sort((one, other) => other.since.localeCompare(one.since))))),
  ];
}

function priceTable(model) {
  const qualities = model.qualities.length > 0 ? model.qualities : [null];
  const steps = [...new Set(model.prices.map(row => row.price))].sort((one, other) => one - other);
  const price = (size, quality) => model.prices.find(row => row.size === size && row.quality === quality)?.price;
  const step = value => 'step-' + Math.min(4, Math.round(4 * steps.indexOf(value) / Math.max(1, steps.length - 1)));
  return h('section', { class: 'card' },
    h('div', { class: 'row apart' },
      h('h2', {}, model.label, ' ', h('span', { class: 'mono faint' }, model.name)),
      h('p', { class: 'small faint' }, `up to ${model.max_images} at once, from `,
        model.routes.map(route => route.model ? `${route.upstream} (${route.model})` : route.upstream).join(', then '))),
    model.sizes.length === 0 ? nothing('It offers no size.') : h('div', {
      class: 'scroll', role: 'region', tabindex: 0, 'aria-label': 'Prices of ' + model.label,
    }, h('table', { class: 'prices' },
      h('caption', { class: 'away' }, 'Prices of ' + model.label),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Size'), qualities.map(quality =>
        h('th', { scope: 'col', class: 'right' }, quality ?? 'A picture')))),
      h('tbody', {}, model.sizes.map(size => h('tr', {},
        h('th', { scope: 'row', class: 'number' }, size.replace('x', ' × ')),
        qualities.map(quality => h('td', { class: 'right number ' + step(price(size, quality)) },
          amount(price(size, quality))))))))));
}

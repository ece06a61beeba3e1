/* Tables that can be read on a phone as well. */

import { h } from './console.js';

/** What is said where there is nothing. */
export const nothing = text => h('p', { class: 'faint' }, text);

/** What has more columns is shown row by row where there is no room. */
const MOST_ON_A_PHONE = 3;

/**
 * A table, or, where it would be empty, what is said instead. A column is `{name, cell, right}`, where `cell` makes what
 * stands in a row's cell.
 */
export function table(caption, columns, rows, empty = 'Nothing yet.') {
  if (rows.length === 0) {
    return nothing(empty);
  }
  const side = column => column.right && 'right number';
  return h('div', { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0 },
    h('table', { class: columns.length > MOST_ON_A_PHONE && 'tall' },
      h('caption', { class: 'away' }, caption),
      h('thead', {}, h('tr', {}, columns.map(column =>
        h('th', { scope: 'col', class: side(column) }, column.name)))),
      h('tbody', {}, rows.map(row => h('tr', {}, columns.map(column =>
        h('td', { class: side(column), 'data-name': column.name }, column.cell(row))))))));
}

/* Hours, days and months, as the administration counts them. */

/** The beginnings of all hours, days or months from a time to a later one. */
export function periods(grain, from, to) {
  const at = new Date(from);
  at.setUTCMinutes(0, 0, 0);
  if (grain !== 'hour') {
    at.setUTCHours(0);
  }
  if (grain === 'month') {
    at.setUTCDate(1);
  }
  const all = [];
  while (at < new Date(to)) {
    all.push(new Date(at));
    advance(grain, at);
  }
  return all;
}

function advance(grain, at) {
  if (grain === 'hour') {
    at.setUTCHours(at.getUTCHours() + 1);
  } else if (grain === 'day') {
    at.setUTCDate(at.getUTCDate() + 1);
  } else {
    at.setUTCMonth(at.getUTCMonth() + 1);
  }
}

/** A period in few letters. */
export function periodLabel(grain, at) {
  const iso = at.toISOString();
  return { hour: iso.slice(11, 16), day: iso.slice(5, 10), month: iso.slice(0, 7) }[grain];
}

/** From when to when a period is, within the time that is looked at. */
export function bounds(grain, at, from, to) {
  const end = new Date(at);
  advance(grain, end);
  return {
    from: at < new Date(from) ? from : at.toISOString(),
    to: end > new Date(to) ? to : end.toISOString(),
  };
}

/** One drawing for each family, of 16 by 16, and for what is done to files. */
export const ICONS = {
  file: 'M4 1.5h5l3.5 3.5v9.5h-8.5z M9 1.5v3.5h3.5',
  process: 'M2 3h12v10h-12z M4.5 6l2 2-2 2 M8 10.5h3.5',
  job: 'M8 1.5a6.5 6.5 0 1 0 .01 0z M6.5 5.5v5l4-2.5z',
  sheet: 'M2.5 3.5h11 M2.5 8h11 M2.5 12.5h7',
  log: 'M2 4h12 M2 8h8 M2 12h10',
  monitor: 'M8 2l6.5 11.5h-13z M8 6.5v3.5 M8 11.6v.4',
  baton: 'M2 5h10l-3-3 M14 11h-10l3 3',
  operation: 'M9 1.5l-5.5 7.5h4l-.5 5.5 5.5-7.5h-4z',
  other: 'M8 6a2 2 0 1 0 .01 0z',
  gap: 'M2 8h3 M7 8h.5 M9.5 8h.5 M12 8h2 M8 3v2 M8 11v2',
  created: 'M4 1.5h5l3.5 3.5v9.5h-8.5z M8.2 6.5v5 M5.7 9h5',
  deleted: 'M4 1.5h5l3.5 3.5v9.5h-8.5z M6.2 7l4 4 M10.2 7l-4 4',
};

const FILES = { 'observer.file_created': 'created', 'observer.file_deleted': 'deleted' };

export const iconOf = ({ event, family }) => ICONS[FILES[event] ?? family] ?? ICONS.other;

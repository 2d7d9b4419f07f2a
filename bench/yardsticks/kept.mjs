/* What a user takes beyond the connection is measured beside connections that are there; a timer after every answer is not what is measured. */
const SILENT_MS = 65_000;

/** Has a yardstick keep its connections as Parlour does: as long, and by as few timers. */
export const keptAsParlours = (server) => {
  server.keepAliveTimeout = 0;
  server.timeout = SILENT_MS;
};

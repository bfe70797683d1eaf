/** How long what was asked for one by one is kept once it is over. */
export const queuedJobDays = 7;

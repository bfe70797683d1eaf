/** The bars of a waveform, from 0 to 1 where the loudest of them is 1: a quiet recording is seen as well. */
export function barsOf(waveform: string, count: number): number[] {
  const peaks = Array.from(atob(waveform), (char) => char.charCodeAt(0));
  const loudest = Math.max(1, ...peaks);
  const width = peaks.length / count;
  return Array.from({ length: count }, (_, index) => {
    const own = peaks.slice(Math.floor(index * width), Math.floor((index + 1) * width));
    return Math.max(0, ...own) / loudest;
  });
}

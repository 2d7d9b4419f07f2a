import { StringDecoder } from 'node:string_decoder';

/** The longest line that a record can make is far below; a file that is none of ours may have no line end at all. */
const LONGEST = 2 ** 20;

/**
 * The lines of a text, without their ends. Node's own reader would also take other characters for line ends, which
 * messages may hold.
 * @param tooLong makes the error for a line that nobody wrote
 */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  tooLong: (why: string) => Error,
): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let begun = '';
  for await (const chunk of chunks) {
    const lines = (begun + decoder.write(chunk)).split('\n');
    begun = lines.pop()!;
    yield* lines;
    if (begun.length > LONGEST) throw tooLong('it holds a line that is far too long');
  }
  begun += decoder.end();
  if (begun !== '') yield begun;
}

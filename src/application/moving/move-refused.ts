/**
 * Why a move, a backup or a restore was not done: `refused` before anything was changed, `rivalled` where another copy to
 * the same place has gone on meanwhile, `unlike` where a copy is not (any more) what it is a copy of, `damaged` where what is
 * to be restored is not a whole backup. What was rivalled or unlike can be run again.
 */
export class MoveRefused extends Error {
  override readonly name = 'MoveRefused';

  constructor(
    readonly reason: 'refused' | 'rivalled' | 'unlike' | 'damaged',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

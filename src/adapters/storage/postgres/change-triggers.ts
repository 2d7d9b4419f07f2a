/**
 * SQL by which every statement notes in `changes` what it changed in these tables. Of so many rows that their names are no help, as a
 * restore changes them, it notes that it may be anything. Whoever changes something by hand needs no right to note it, and no `search_path`.
 * @param key the column by which rows of these tables are known
 */
export const notingChanges = (key: string, tables: readonly string[]): string[] => {
  const noting = `note_changes_by_${key}`;
  const insert = (what: string) => `insert into changes select pg_current_xact_id(), ${what}`;
  const make = (name: string, body: string) => `do $do$ begin
      execute format($text$
        create function ${name}() returns trigger language plpgsql security definer set search_path = %I, pg_temp as $body$
        begin
          ${body}
          return null;
        end $body$
      $text$, current_schema());
    end $do$`;
  return [
    make(
      noting,
      `if exists (select from changed offset 200) then ${insert(`'all', ''`)};
       else ${insert(`tg_table_name, ${key} from changed`)};
       end if;`,
    ),
    make(`${noting}_all`, `${insert(`'all', ''`)};`),
    ...tables.flatMap((table) => [
      ...['insert', 'update', 'delete'].map(
        (does) => `create trigger note_${does} after ${does} on ${table}
          referencing ${does === 'insert' ? 'new' : 'old'} table as changed
          for each statement execute function ${noting}()`,
      ),
      `create trigger note_truncate after truncate on ${table} for each statement execute function ${noting}_all()`,
    ]),
  ];
};

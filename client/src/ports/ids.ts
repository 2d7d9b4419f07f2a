/**
 * 128 bits of chance, as four numbers. `crypto.randomUUID` is there in secure contexts only, and a class's network often speaks
 * plain http.
 */
export const newId = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');

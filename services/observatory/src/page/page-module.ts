/** Loads a module of the page into a test; the page itself is plain JavaScript, type-checked on its own (see page-types.test.ts). */
export const pageModule = async <Module>(path: string): Promise<Module> =>
  (await import(new URL(`../../public/${path}`, import.meta.url).href)) as Module;

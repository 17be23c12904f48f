export { createIndex, type Found, type Searchable, type SearchIndex } from './bm25.ts';

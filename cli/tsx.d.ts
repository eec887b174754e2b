/** Importing it lets Node load TypeScript; it exports nothing. */
declare module "tsx";

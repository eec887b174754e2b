/** Where images of the platform's own programs are named; `.internal` is reserved, so no registry answers for it. */
export const imageRegistry = "petrichor.internal";

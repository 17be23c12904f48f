/** Whether an error of the file system means that no space, or no quota of this user, is left. */
export const isDiskFull = (error: unknown): boolean => {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT';
};

/** Whether an error of the file system means that a file, or the folder it is to lie in, is not there. */
export const isMissing = (error: unknown): boolean => (error as { readonly code?: unknown } | null)?.code === 'ENOENT';

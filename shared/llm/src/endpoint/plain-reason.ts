const longestReason = 160;

/** What an endpoint said, for those who look at the laboratory: of addresses in it the host alone, for the rest may hold a secret. */
export const plainReason = (said: string): string =>
  said
    .replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)]+/gi, (address) =>
      URL.canParse(address) ? new URL(address).host : 'an address',
    )
    .slice(0, longestReason)
    .toWellFormed();

/**
 * Whether digits satisfy Luhn's formula (ISO/IEC 7812-1, annex B), as card numbers do: from the right, every second
 * digit counts twice, digits of these products are added up, and the sum is a multiple of 10. Anything but digits is
 * passed over; 13 to 19 of them are expected. A number that is nobody's card passes once in ten times.
 */
export function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '');
  if (digits.length < 13 || digits.length > 19 || /^(\d)\1*$/.test(digits)) return false;
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, character, place) => {
      const value = Number(character) * (place % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

/**
 * Whether a text is an account number of ISO 13616 (IBAN): the first four characters put behind the rest, letters read
 * as 10 to 35, the number leaves 1 when divided by 97 (ISO/IEC 7064, MOD 97-10). Spaces are passed over; 15 to 34
 * characters.
 */
export function isIban(text: string): boolean {
  const compact = text.replaceAll(/\s/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(compact)) return false;
  const turned = compact.slice(4) + compact.slice(0, 4);
  const remainder = Array.from(turned).reduce((rest, character) => {
    const value = Number.parseInt(character, 36);
    return (rest * (value > 9 ? 100 : 10) + value) % 97;
  }, 0);
  return remainder === 1;
}

using System.Globalization;

namespace Portal.Core.Shared;

/// <summary>An amount in a currency (ISO 4217). Amounts in different currencies are never added.</summary>
public readonly record struct Money(decimal Amount, string Currency)
{
    /// <summary>A month of prices is 730 hours.</summary>
    public const decimal HoursPerMonth = 730m;

    /// <summary>What a price per hour comes to in a month.</summary>
    public Money PerMonth() => this * HoursPerMonth;

    public static Money Zero(string currency) => new(0m, currency);

    public static Money operator +(Money left, Money right) => left.Currency == right.Currency
        ? left with { Amount = left.Amount + right.Amount }
        : throw new InvalidOperationException($"{left.Currency} and {right.Currency} cannot be added.");

    public static Money operator -(Money money) => money with { Amount = -money.Amount };

    public static Money operator *(Money money, decimal factor) => money with { Amount = money.Amount * factor };

    /// <summary>Two decimals below ten, none from a hundred on: no false precision.</summary>
    public override string ToString()
    {
        var format = Math.Abs(Amount) < 100m ? "0.00" : "#,0";
        return $"{Amount.ToString(format, CultureInfo.InvariantCulture)} {Currency}";
    }
}

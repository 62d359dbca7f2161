using Portal.Core.Shared;

namespace Portal.Web.Controls;

/// <summary>An amount as it is shown.</summary>
public static class MoneyWords
{
    private const decimal Smallest = 0.01m;

    /// <summary>"12.40 EUR", "1,240 EUR", "&lt; 0.01 EUR": the number and its currency stay on one line.</summary>
    public static string Of(Money money)
    {
        if (money.Amount is > 0m and < Smallest) return $"<\u00a00.01\u00a0{money.Currency}";
        if (money.Amount is < 0m and > -Smallest) return $">\u00a0-0.01\u00a0{money.Currency}";
        return money.ToString().Replace(' ', '\u00a0');
    }
}

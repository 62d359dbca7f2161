using Portal.Web.Controls;

namespace Portal.Web.Tests.Controls;

public sealed class FuzzyMatchTests
{
    [Theory]
    [InlineData("orders", "orders")]
    [InlineData("ord", "orders")]
    [InlineData("oders", "orders")]
    [InlineData("ordres", "orders")]
    [InlineData("orderss", "orders")]
    [InlineData("enviroments", "Environments")]
    [InlineData("envirnomnets", "Environments")]
    [InlineData("web api", "dotnet-web-api")]
    [InlineData("dwa", "dotnet-web-api")]
    [InlineData("api", "dotnet-web-api")]
    public void Score_WhatWasMeant_Found(string query, string text) => Assert.True(FuzzyMatch.Score(query, text) > 0);

    [Theory]
    [InlineData("orders", "payments")]
    [InlineData("web zzz", "dotnet-web-api")]
    [InlineData("cat", "cut")]
    [InlineData("", "orders")]
    [InlineData("   ", "orders")]
    public void Score_SomethingElse_Zero(string query, string text) => Assert.Equal(0, FuzzyMatch.Score(query, text));

    [Fact]
    public void Score_CloserText_RanksHigher()
    {
        string[] texts = ["reorders", "old orders", "orders-api", "orders", "odders"];

        Assert.Equal(
            ["orders", "orders-api", "old orders", "reorders", "odders"],
            texts.OrderByDescending(t => FuzzyMatch.Score("orders", t)));
    }

    [Fact]
    public void Score_OtherTexts_CountLessThanTheName() =>
        Assert.InRange(
            FuzzyMatch.Score("audit", "Activity", "audit log"), 1, FuzzyMatch.Score("audit", "audit log") - 1);
}

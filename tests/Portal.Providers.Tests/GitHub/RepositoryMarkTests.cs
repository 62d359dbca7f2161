using Portal.Core.Providers;
using Portal.Core.Shared;
using Portal.Core.Shared.Files;
using Portal.Providers.GitHub.Repositories;

namespace Portal.Providers.Tests.GitHub;

public sealed class RepositoryMarkTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "https://portal.shop.example/runs/1")]
    [InlineData("https://docs.shop.example/orders", "https://portal.shop.example/runs/1")]
    [InlineData("https://docs.shop.example/#/orders", null)]
    public void Homepage_WhateverThePage_IsReadBack(string? homepage, string? run)
    {
        var request = Request(homepage, run);
        foreach (var mark in (RepositoryMark[])[RepositoryMark.Of(
            request), RepositoryMark.Of(request) with { IsMaking = false }])
        {
            var text = mark.Homepage(request);
            Assert.StartsWith(homepage ?? run ?? "urn:portal:run#", text, StringComparison.Ordinal);
            Assert.Equal(mark, RepositoryMark.FromHomepage(text));
        }
    }

    [Fact]
    public void Homepage_TooLong_KeepsTheRunWithin255()
    {
        var request = Request(
            "https://docs.shop.example/" + new string('x', 300), "https://portal.shop.example/runs/1");
        var text = RepositoryMark.Of(request).Homepage(request);
        Assert.InRange(text.Length, 1, 255);
        Assert.Equal(
            ("run & 1", true), (RepositoryMark.FromHomepage(text)!.Run, RepositoryMark.FromHomepage(text)!.IsMaking));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://docs.shop.example/#orders")]
    [InlineData("https://docs.shop.example/#portal-run=")]
    public void FromHomepage_WithoutAMark_IsNone(
        string? homepage) => Assert.Null(RepositoryMark.FromHomepage(homepage));

    [Fact]
    public void Property_BeforeAndAfter_IsReadBack()
    {
        var mark = new RepositoryMark("run-1", null, IsMaking: true);
        Assert.Equal(mark, RepositoryMark.FromProperty(mark.Property));
        Assert.Equal("run-1", (mark with { IsMaking = false }).Property);
        Assert.Null(RepositoryMark.FromProperty(""));
    }

    private static CreateRepository Request(string? homepage, string? run) =>
        new(
            new RepositoryName("shop", "orders"), "", "main", FileTree.Empty, "", new CommitAuthor("a", "b", default),
            "run & 1", "group:default/checkout")
        {
            Settings = new RepositorySettings { Homepage = homepage }, RunUrl = run,
        };
}

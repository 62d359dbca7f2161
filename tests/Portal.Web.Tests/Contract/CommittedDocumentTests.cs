using Portal.TestKit;
using Portal.Web.Tests.Requests;

namespace Portal.Web.Tests.Contract;

/// <summary>docs/openapi.json is what the portal serves: who changes the API sees it in the diff.</summary>
[Collection(ContractPortal.Name)]
public sealed class CommittedDocumentTests(LivePortal portal)
{
    /// <summary>Set to write the file instead of comparing it.</summary>
    private const string Write = "PORTAL_WRITE_OPENAPI";

    private static readonly string Path = RepositoryRoot.Combine("docs/openapi.json");

    [Fact]
    public async Task ServedDocument_IsTheCommittedOne()
    {
        using var client = new HttpClient { BaseAddress = portal.Address };
        var served = (await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))
            .TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Write) == "1")
        {
            await File.WriteAllTextAsync(Path, served, TestContext.Current.CancellationToken);
            return;
        }

        var committed = File.Exists(Path) ? await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken)
            : "";

        Assert.True(
            served == committed,
            $"The API is not what docs/openapi.json says, from line {FirstDifference(served, committed)} on. "
            + $"If that is on purpose, write the file again with '{Write}=1 ./portal test web' and commit it. "
            + "Clients rely on it: the API only grows.");
    }

    private static int FirstDifference(string served, string committed) =>
        1 + served.Split('\n').Zip(committed.Split('\n')).TakeWhile(l => l.First == l.Second).Count();
}

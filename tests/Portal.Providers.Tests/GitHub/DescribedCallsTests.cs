using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Octokit;
using Portal.Core.Shared;
using Portal.Providers.GitHub.Api;
using Portal.TestKit.GitHub;
using Account = Portal.Providers.GitHub.Access.Account;
using NewCommit = Portal.Providers.GitHub.Api.NewCommit;
using NewDeployKey = Portal.Providers.GitHub.Api.NewDeployKey;
using NewRepository = Portal.Providers.GitHub.Api.NewRepository;
using NewTree = Portal.Providers.GitHub.Api.NewTree;

namespace Portal.Providers.Tests.GitHub;

/// <summary>
/// Every call that the client can make is one that GitHub describes, and its described answer is read.
/// </summary>
public sealed class DescribedCallsTests(DescribedCallsTests.Prism prism) : IClassFixture<DescribedCallsTests.Prism>
{
    private static readonly JsonElement Text = JsonDocument.Parse("\"text\"").RootElement;

    private static readonly GitPerson Person = new("Ada", "ada@example.com", "2026-11-21T10:00:00+01:00");

    private static readonly JsonObject Ruleset = Object(
        """{ "name": "main", "target": "branch", "enforcement": "active", "conditions": { "ref_name": { "include": ["~DEFAULT_BRANCH"], "exclude": [] } }, "rules": [{ "type": "deletion" }] }""");

    /// <summary>Something to send for each kind of parameter; by name where the type alone does not tell.</summary>
    private static readonly Dictionary<string, object> Samples = new(StringComparer.Ordinal)
    {
        ["login"] = "shop", ["organisation"] = "shop", ["sha"] = new string('a', 40), ["branch"] = "feature/one",
        ["reference"] = "main", ["path"] = "src/a file.txt",
        ["workflow"] = "ci.yml", ["trigger"] = "workflow_dispatch",
        [nameof(RepositoryName)] = new RepositoryName("shop", "orders"), [nameof(Account)] = new Account("shop"),
        [nameof(Int64)] = 7L, [nameof(Int32)] = 30, ["topics"] = (string[])["orders"],
        [nameof(NewRepository)] = new NewRepository(
            "orders", "Orders", "https://portal.example/runs/1#portal-run=1&portal-making", true)
        {
            HasIssues = true, HasProjects = false, HasWiki = false, AllowMergeCommit = true, AllowSquashMerge = true,
            AllowRebaseMerge = false, AllowAutoMerge = true, DeleteBranchOnMerge = true,
            SquashMergeCommitTitle = "PR_TITLE", SquashMergeCommitMessage = "PR_BODY",
            CustomProperties = new Dictionary<string, JsonElement> { ["portal_run"] = Text },
        },
        [nameof(ChangedRepository)] = new ChangedRepository
        {
            Homepage = "https://portal.example/runs/1#portal-run=1", DefaultBranch = "main", AllowUpdateBranch = true,
            Archived = false
        },
        ["values"] = (PropertyValue[])[new PropertyValue("portal_run", Text)],
        [nameof(NewBlob)] = new NewBlob { Content = "AAEC", Encoding = EncodingType.Base64 },
        [nameof(NewTree)] = new NewTree([NewTreeEntry.OfText("a", NewTreeEntry.File, "text"), NewTreeEntry.OfBlob(
            "b", NewTreeEntry.Executable, new string('a', 40)), NewTreeEntry.Removed("c")], new string('b', 40)),
        [nameof(NewCommit)] = new NewCommit("Create it", new string('a', 40), [new string('b', 40)], Person, Person),
        [nameof(NewPullRequest)] = new NewPullRequest(
            "Update", "feature/one", "main") { Body = "What changes.", Draft = true },
        [nameof(PullRequestReviewRequest)] = new PullRequestReviewRequest(["ada"], ["checkout"]),
        [nameof(NewDispatch)] = new NewDispatch(
            "main", new Dictionary<string, string> { ["portal_correlation"] = "c-1" }, true),
        ["environment"] = "production", ["team"] = "checkout", ["level"] = "organization", ["permission"] = "push",
        ["permissions"] = "read", ["mayApprove"] = true, ["wanted"] = true,
        ["useDefault"] = false, ["claims"] = (string[])["repo"], ["labels"] = (string[])["bug"], ["text"] = "Done.",
        ["secret"] = "TOKEN", ["RemoveVariableAsync.variable"] = "LEVEL",
        [nameof(NewVariable)] = new NewVariable("LEVEL", "info"),
        [nameof(SealedSecret)] = new SealedSecret("c2VjcmV0", "568250167242549743"),
        [nameof(NewPolicy)] = new NewPolicy("release/*", "branch"),
        [nameof(NewHook)] = new NewHook(
            null, new HookConfig("https://portal.example/hooks", "json", "0", "0123456789abcdef"), ["push"], true),
        [nameof(NewAutolink)] = new NewAutolink("TICKET-", "https://tickets.example/<num>", true),
        [nameof(NewDeployKey)] = new NewDeployKey("portal", "ssh-ed25519 AAAA", true),
        [nameof(NewIssue)] = new NewIssue("Orders") { Body = "Text", Assignees = { "ada" }, Labels = { "bug" } },
        [nameof(ChangedIssue)] = new ChangedIssue("closed", "completed"),
        ["PutEnvironmentAsync.body"] = Object(
            """{ "wait_timer": 30, "prevent_self_review": true, "reviewers": [{ "type": "User", "id": 1 }], "deployment_branch_policy": { "protected_branches": false, "custom_branch_policies": true } }"""),
        ["CreatePagesAsync.body"] =
            Object("""{ "build_type": "legacy", "source": { "branch": "main", "path": "/" } }"""),
        ["ChangePagesAsync.body"] = Object("""{ "build_type": "workflow" }"""),
        ["PutProtectionAsync.body"] = Object(
            """{ "required_status_checks": null, "enforce_admins": true, "required_pull_request_reviews": null, "restrictions": null }"""),
        ["CreateRulesetAsync.body"] = Ruleset, ["ChangeRulesetAsync.body"] = Ruleset,
        ["refusal"] = (Func<Providers.Http.ProviderRefusal, Core.Shared.Error?>)(_ => null),
    };

    /// <summary>
    /// The extension methods of the client, each a call or two; those that only read an answer are none.
    /// </summary>
    public static TheoryData<string> Calls() => [.. Methods().Select(m => $"{m.DeclaringType!.Name}.{m.Name}")];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_AsWeSendIt_IsAsGitHubDescribesIt(string name)
    {
        var method = Methods().Single(m => $"{m.DeclaringType!.Name}.{m.Name}" == name);
        var before = prism.Server.Violations.Count;
        var result = method.Invoke(null, [.. method.GetParameters().Select(Sample)]);
        await EndAsync(result!);
        Assert.Empty(prism.Server.Violations.Skip(before));
        Assert.NotEqual(0, prism.Handled);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_AnswerOfABiggerAndNewerGitHub_IsRead(string name)
    {
        var method = Methods().Single(m => $"{m.DeclaringType!.Name}.{m.Name}" == name);
        prism.Later = true;
        try
        {
            await EndAsync(method.Invoke(null, [.. method.GetParameters().Select(Sample)])!);
        }
        finally
        {
            prism.Later = false;
        }
    }

    private object? Sample(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(GitHubApi) ? prism.Client
        : parameter.ParameterType == typeof(CancellationToken) ? TestContext.Current.CancellationToken
        : Samples.GetValueOrDefault($"{parameter.Member.Name}.{parameter.Name}")
            ?? Samples.GetValueOrDefault(parameter.Name!) ?? Samples.GetValueOrDefault(parameter.ParameterType.Name)
            ?? throw new InvalidOperationException(
                $"Give a sample for {parameter.ParameterType.Name} {parameter.Name} of {parameter.Member.Name}.");

    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();

    private static async Task EndAsync(object result)
    {
        if (result is Task task) await task;
        else
        {
            var read =
                typeof(DescribedCallsTests).GetMethod(nameof(ReadAsync), BindingFlags.NonPublic | BindingFlags.Static)!;
            var items = result.GetType().GetInterfaces()
                .Single(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));
            await (Task)read.MakeGenericMethod(items.GetGenericArguments()).Invoke(null, [result])!;
        }
    }

    private static async Task ReadAsync<T>(IAsyncEnumerable<T> items) =>
        Assert.NotNull(await items.FirstOrDefaultAsync());

    private static IEnumerable<MethodInfo> Methods() => typeof(GitHubApi).Assembly.GetTypes()
        .Where(t => t.Namespace == typeof(GitHubApi).Namespace && t.Name.EndsWith("Calls", StringComparison.Ordinal))
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Where(m => m.GetParameters() is [{ } first, ..] && first.ParameterType == typeof(GitHubApi)
            && m.GetParameters().All(p => p.ParameterType != typeof(HttpResponseMessage))
            // What calls share is none itself.
            && m.GetParameters().All(p => p.Name != "needs"));

    public sealed class Prism : IAsyncLifetime
    {
        private ServiceProvider? portal;

        public PrismServer Server { get; private set; } = null!;

        internal GitHubApi Client => GitHubFixture.PartsOf(portal!).Client;

        public int Handled { get; private set; }

        /// <summary>Answers have the numbers and words of a GitHub of years to come.</summary>
        public bool Later { get; set; }

        public async ValueTask InitializeAsync()
        {
            Server = await PrismServer.StartAsync();
            var services = GitHubFixture.Services(
                "https://git.shop.example", TimeProvider.System, ("Token", "ghp_abc"), ("Http:MaxRetries", "0"));
            services.AddHttpClient("provider:github").ConfigurePrimaryHttpMessageHandler(
                () => new AtHome(Server.CreateHandler(), () => Handled++, () => Later));
            portal = services.BuildServiceProvider();
        }

        public async ValueTask DisposeAsync()
        {
            if (portal is not null) await portal.DisposeAsync();
            if (Server is not null) await Server.DisposeAsync();
        }

        private static async Task AgeAsync(HttpResponseMessage answer, CancellationToken cancellation)
        {
            if (JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation)) is not { } json) return;
            Age(json);
            answer.Content = new StringContent(json.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        }

        private static void Age(JsonNode? node)
        {
            if (node is JsonArray list) foreach (var item in list) Age(item);
            if (node is not JsonObject thing) return;
            foreach (var (name, value) in thing.ToList())
            {
                if (value is JsonValue && Aged(name, value.GetValueKind()) is { } aged) thing[name] = aged;
                else Age(value);
            }
        }

        private static JsonNode? Aged(string name, JsonValueKind kind) => (name, kind) switch
        {
            ("id" or "size_in_bytes", JsonValueKind.Number) => 5_000_000_000,
            (_, JsonValueKind.Number) when name.EndsWith("_id", StringComparison.Ordinal) => 5_000_000_000,
            ("status" or "conclusion" or "state" or "event" or "mergeable_state"
                or "author_association", JsonValueKind.String) => "a-word-of-tomorrow",
            _ => null,
        };

        /// <summary>Where the description leads a download elsewhere, it ends here.</summary>
        private sealed class AtHome(
            HttpMessageHandler inner, Action handled, Func<bool> isLater) : DelegatingHandler(inner)
        {
            protected override async Task<HttpResponseMessage> SendAsync(
                HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var address = request.RequestUri;
                // The description tells of it in words only, and the mock knows no other than what it lists.
                if (request.Headers.Accept.ToString() == GitHubApi.Raw)
                {
                    request.Headers.Accept.ParseAdd("application/json");
                }
                var answer = await base.SendAsync(request, cancellationToken);
                // The mock moves the request to its own address.
                request.RequestUri = address;
                handled();
                if (isLater() && answer.Content.Headers.ContentType?.MediaType == "application/json")
                {
                    await AgeAsync(answer, cancellationToken);
                }
                return answer.StatusCode == HttpStatusCode.Redirect
                    ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("the log") }
                    : answer;
            }
        }
    }
}

using System.Text.Json.Nodes;
using Portal.TestKit.GitHub.Server.Actions;

namespace Portal.TestKit.GitHub.Server;

/// <summary>A run of a workflow. Whoever reads or changes what is in it locks it.</summary>
internal sealed class StoredRun(long id)
{
    public long Id { get; } = id;

    public required StoredRepository Repository { get; init; }

    public required WorkflowFile Workflow { get; init; }

    public required long WorkflowId { get; init; }

    public required int Number { get; init; }

    public required string Event { get; init; }

    public required string Branch { get; init; }

    public required string Reference { get; init; }

    public required string Sha { get; init; }

    public required JsonObject HeadCommit { get; init; }

    /// <summary>As it was when the run began; the repository itself may only be looked at under the gate.</summary>
    public required JsonObject RepositoryJson { get; init; }

    public required string Actor { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    public string Title { get; set; } = "";

    public int Attempt { get; set; } = 1;

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary><c>queued</c>, <c>in_progress</c> or <c>completed</c>.</summary>
    public string Status { get; set; } = "queued";

    public string? Conclusion { get; set; }

    /// <summary>By attempt.</summary>
    public SortedDictionary<int, List<StoredJob>> Jobs { get; } = [];

    public List<StoredArtifact> Artifacts { get; } = [];

    public CancellationTokenSource Cancellation { get; set; } = new();

    public bool IsOver => Status == "completed";
}

internal sealed class StoredJob(long id, WorkflowJob definition)
{
    public long Id { get; } = id;

    public WorkflowJob Definition { get; } = definition;

    public string Name { get; init; } = "";

    public string Status { get; set; } = "queued";

    public string? Conclusion { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public List<StoredStep> Steps { get; } = [];

    public List<string> Log { get; } = [];
}

internal sealed class StoredStep(string name)
{
    public string Name { get; } = name;

    public string Status { get; set; } = "queued";

    public string? Conclusion { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }
}

internal sealed record StoredArtifact(long Id, string Name, byte[] Zip, DateTimeOffset CreatedAt);

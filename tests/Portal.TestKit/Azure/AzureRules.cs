namespace Portal.TestKit.Azure;

/// <summary>What the world does not allow. Changed by a test at any moment.</summary>
public sealed class AzureRules
{
    /// <summary>Enabled, Warned, Disabled …</summary>
    public string SubscriptionState { get; set; } = "Enabled";

    /// <summary>Namespaces that the subscription does not use yet.</summary>
    public ISet<string> Unregistered { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Actions that the identity may not do.</summary>
    public ISet<string> Forbidden { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Resource type → display name of the policy that refuses it.</summary>
    public IDictionary<string, string> Policies { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Resource type → how making it fails, while the deployment runs.</summary>
    public IDictionary<string, (string Code, string Message)> Failing { get; } =
        new Dictionary<string, (string, string)>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What Azure has booked.</summary>
    public IList<AzureCost> Costs { get; } = [];

    /// <summary>In so many of the next answers of costs the amounts are no numbers.</summary>
    public int GarbledCosts { get; set; }

    /// <summary>How long each resource of a deployment takes.</summary>
    public TimeSpan ResourceTime { get; set; } = TimeSpan.FromMilliseconds(15);

    /// <summary>How long deleting a resource group takes.</summary>
    public TimeSpan DeleteTime { get; set; } = TimeSpan.FromMilliseconds(40);

    /// <summary>How long other long-running operations take.</summary>
    public TimeSpan OperationTime { get; set; } = TimeSpan.FromMilliseconds(15);

    /// <summary>How many entries a page of a list has.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>What a client is asked to wait between two looks, in seconds.</summary>
    public int RetryAfterSeconds { get; set; }
}

/// <param name="Group">Name of a resource group.</param>
public sealed record AzureCost(DateOnly Day, string Group, string Service, decimal Amount, string Currency = "EUR");

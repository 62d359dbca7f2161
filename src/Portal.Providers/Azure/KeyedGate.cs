namespace Portal.Providers.Azure;

/// <summary>One at a time per key, within this process.</summary>
internal sealed class KeyedGate
{
    private readonly Dictionary<string, (SemaphoreSlim Gate, int Users)> gates = new(StringComparer.Ordinal);

    public async Task<T> RunAsync<T>(string key, Func<Task<T>> work, CancellationToken cancellation)
    {
        SemaphoreSlim gate;
        lock (gates)
        {
            var entry = gates.TryGetValue(key, out var found) ? found : (Gate: new SemaphoreSlim(1), Users: 0);
            gates[key] = (gate = entry.Gate, entry.Users + 1);
        }
        try
        {
            await gate.WaitAsync(cancellation);
            try
            {
                return await work();
            }
            finally
            {
                gate.Release();
            }
        }
        finally
        {
            lock (gates)
            {
                var (_, users) = gates[key];
                if (users == 1) gates.Remove(key);
                else gates[key] = (gate, users - 1);
            }
        }
    }
}

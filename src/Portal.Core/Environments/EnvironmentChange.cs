namespace Portal.Core.Environments;

/// <summary>What is to happen to an environment, as far as rules tell cases apart.</summary>
[Flags]
public enum EnvironmentChange
{
    None = 0,

    /// <summary>Made anew.</summary>
    Created = 1,

    /// <summary>Taken over from a provider that has it already.</summary>
    Adopted = 2,

    /// <summary>Its end is moved.</summary>
    Extended = 4,

    /// <summary>Started, or another version is put into it.</summary>
    Changed = 8,

    /// <summary>Stopped, destroyed or given back. A rule of ends keeps what is to end, and its price with it.</summary>
    Ended = 16,

    /// <summary>However it comes about.</summary>
    Made = Created | Adopted,

    All = Made | Extended | Changed | Ended,
}

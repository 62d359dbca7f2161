using System.Buffers.Binary;

namespace Portal.Providers.Local.Sharing;

/// <summary>What a frame on the socket is.</summary>
internal enum FrameKind : byte
{
    /// <summary>From the keeper, first: it is there. Until then nothing is sent to it.</summary>
    Ready = 1,

    /// <summary>To the keeper, once: a <see cref="SharedRequest"/>.</summary>
    Request = 2,

    /// <summary>From the keeper, now and then: it is still at it.</summary>
    Beat = 3,

    /// <summary>The last, as the four after it: what the call returned.</summary>
    Value = 4,

    /// <summary>The call's typed error.</summary>
    Error = 5,

    /// <summary>The call was ended: by its caller, or because the keeper ends.</summary>
    Cancelled = 6,

    /// <summary>The call failed with what nobody expected: text.</summary>
    Bug = 7,

    /// <summary>The keeper has no such call: it is of another version.</summary>
    Unknown = 8,
}

/// <summary>Four bytes length, one byte kind, content. One connection carries one call.</summary>
internal readonly record struct Frame(FrameKind Kind, ReadOnlyMemory<byte> Content)
{
    private const int HeadLength = 5;
    private const int Longest = 256 * 1024 * 1024;

    public async Task WriteAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new byte[HeadLength];
        BinaryPrimitives.WriteInt32LittleEndian(head, Content.Length);
        head[HeadLength - 1] = (byte)Kind;
        await stream.WriteAsync(head, cancellation);
        await stream.WriteAsync(Content, cancellation);
    }

    /// <exception cref="IOException">The other side has gone.</exception>
    public static async Task<Frame> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new byte[HeadLength];
        await stream.ReadExactlyAsync(head, cancellation);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < 0 or > Longest) throw new IOException($"A frame of {length} bytes is none of ours.");
        var content = new byte[length];
        await stream.ReadExactlyAsync(content, cancellation);
        return new Frame((FrameKind)head[HeadLength - 1], content);
    }
}

package io.klingdrop.testing;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A file system that refuses what old CIFS servers, FUSE, the folders of Docker Desktop and mounts
 * of other users refuse; all else the disk below it does. Paths of it have the texts of the disk's.
 */
public final class StubbornShare extends FileSystem {

  /** What is refused. */
  public enum Refusal {
    /** {@code fsync} of a folder: EINVAL. */
    FOLDER_SYNC,
    /** Setting a file's time: EPERM. */
    TIMES,
    /** {@code : ? " * < > |} in a name: EINVAL. */
    SIGNS,
    /** A dot or a blank at the end, and the names of DOS devices: EINVAL. */
    DOS_NAMES,
    /** More than 143 bytes in a name: ENAMETOOLONG. */
    LONG_NAMES,
    /** Renames from one folder to another: ENOTSUP. */
    FAR_RENAMES,
    /** The first reading of each file: ESTALE. */
    STALE,
    /** What others have just put there: the first look at a file that is not hidden: ENOENT. */
    LATE_NEWS,
    /** {@code fsync} of a file: EIO. */
    FILE_SYNC,
    /** A second name for a file: ENOTSUP. */
    LINKS,
    /** A look at a name that somebody else gave: not seen, as in the cache of NFS. */
    STRANGE_NAMES
  }

  private final FileSystem disk = FileSystems.getDefault();
  private final Set<Refusal> refusals;
  private final Provider provider = new Provider();
  private final Set<Path> seen = ConcurrentHashMap.newKeySet();
  private final Set<Path> known = ConcurrentHashMap.newKeySet();
  private int staleReads;

  private StubbornShare(Set<Refusal> refusals) {
    this.refusals = refusals;
  }

  /** A folder of the disk as a share that refuses these. */
  public static Path at(Path folder, Refusal first, Refusal... more) {
    return new StubbornShare(EnumSet.of(first, more)).new Way(folder);
  }

  private void judge(Path path) throws FileSystemException {
    for (var part : path) {
      var name = part.toString();
      var dos =
          name.matches("(?s).*[. ]") || name.matches("(?i)(con|prn|aux|nul|com1|lpt1)(\\..*)?");
      if ((refusals.contains(Refusal.SIGNS) && name.matches("(?s).*[:?\"*<>|].*"))
          || (refusals.contains(Refusal.DOS_NAMES) && dos)) {
        throw new FileSystemException(path.toString(), null, "Invalid argument");
      }
      if (refusals.contains(Refusal.LONG_NAMES)
          && name.getBytes(StandardCharsets.UTF_8).length > 143) {
        throw new FileSystemException(path.toString(), null, "File name too long");
      }
    }
  }

  /** A file that was neither made nor named through this share is not seen. */
  private void look(Path path) throws NoSuchFileException {
    if (refusals.contains(Refusal.STRANGE_NAMES)
        && !Files.isDirectory(below(path))
        && !known.contains(below(path))) {
      throw new NoSuchFileException(path.toString());
    }
  }

  private static Path below(Path path) {
    return path instanceof Way way ? way.path : path;
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {}

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return disk.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return disk.getRootDirectories();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return disk.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return disk.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return new Way(disk.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    var matcher = disk.getPathMatcher(pattern);
    return path -> matcher.matches(below(path));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return disk.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() throws IOException {
    return disk.newWatchService();
  }

  /** A path of the disk, asked through the share. */
  private final class Way implements Path {
    private final Path path;

    Way(Path path) {
      this.path = path;
    }

    private @Nullable Path way(@Nullable Path other) {
      return other == null ? null : new Way(other);
    }

    @Override
    public FileSystem getFileSystem() {
      return StubbornShare.this;
    }

    @Override
    public boolean isAbsolute() {
      return path.isAbsolute();
    }

    @Override
    public @Nullable Path getRoot() {
      return way(path.getRoot());
    }

    @Override
    public @Nullable Path getFileName() {
      return way(path.getFileName());
    }

    @Override
    public @Nullable Path getParent() {
      return way(path.getParent());
    }

    @Override
    public int getNameCount() {
      return path.getNameCount();
    }

    @Override
    public Path getName(int index) {
      return new Way(path.getName(index));
    }

    @Override
    public Path subpath(int begin, int end) {
      return new Way(path.subpath(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
      return path.startsWith(below(other));
    }

    @Override
    public boolean endsWith(Path other) {
      return path.endsWith(below(other));
    }

    @Override
    public Path normalize() {
      return new Way(path.normalize());
    }

    @Override
    public Path resolve(Path other) {
      return new Way(path.resolve(below(other)));
    }

    @Override
    public Path relativize(Path other) {
      return new Way(path.relativize(below(other)));
    }

    @Override
    public URI toUri() {
      return path.toUri();
    }

    @Override
    public Path toAbsolutePath() {
      return new Way(path.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
      return new Way(path.toRealPath(options));
    }

    @Override
    public File toFile() {
      return path.toFile();
    }

    @Override
    public WatchKey register(
        WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
        throws IOException {
      return path.register(watcher, events, modifiers);
    }

    @Override
    public int compareTo(Path other) {
      return path.compareTo(below(other));
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Way way && way.path.equals(path);
    }

    @Override
    public int hashCode() {
      return Objects.hash(path);
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  private final class Provider extends FileSystemProvider {
    private final FileSystemProvider below = disk.provider();

    @Override
    public String getScheme() {
      return "stubborn";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
      return StubbornShare.this;
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      return StubbornShare.this;
    }

    @Override
    public Path getPath(URI uri) {
      return new Way(below.getPath(uri));
    }

    private void read(Path path) throws IOException {
      if (refusals.contains(Refusal.STALE) && staleReads++ == 0) {
        throw new FileSystemException(path.toString(), null, "Stale file handle");
      }
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      judge(path);
      if (!options.contains(java.nio.file.StandardOpenOption.WRITE)) {
        read(path);
      } else {
        known.add(below(path));
      }
      return below.newByteChannel(below(path), options, attributes);
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      judge(path);
      if (!options.contains(java.nio.file.StandardOpenOption.WRITE)) {
        read(path);
      }
      var folder = Files.isDirectory(below(path));
      if (folder && refusals.contains(Refusal.FOLDER_SYNC)) {
        throw new IOException("Invalid argument");
      }
      if (!folder && refusals.contains(Refusal.FILE_SYNC)) {
        throw new IOException("Input/output error");
      }
      return below.newFileChannel(below(path), options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
      var stream = below.newDirectoryStream(below(folder), path -> filter.accept(new Way(path)));
      return new DirectoryStream<>() {
        @Override
        public java.util.Iterator<Path> iterator() {
          var paths = stream.iterator();
          return new java.util.Iterator<>() {
            @Override
            public boolean hasNext() {
              return paths.hasNext();
            }

            @Override
            public Path next() {
              return new Way(paths.next());
            }
          };
        }

        @Override
        public void close() throws IOException {
          stream.close();
        }
      };
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
      judge(folder);
      below.createDirectory(below(folder), attributes);
    }

    @Override
    public void delete(Path path) throws IOException {
      below.delete(below(path));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
      judge(target);
      below.copy(below(source), below(target), options);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
      judge(target);
      if (refusals.contains(Refusal.FAR_RENAMES)
          && !Objects.equals(source.getParent(), target.getParent())) {
        throw new FileSystemException(
            source.toString(), target.toString(), "Operation not supported");
      }
      below.move(below(source), below(target), options);
      known.add(below(target));
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
      judge(link);
      if (refusals.contains(Refusal.LINKS)) {
        throw new FileSystemException(link.toString(), null, "Operation not supported");
      }
      below.createLink(below(link), below(existing));
      known.add(below(link));
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
      return below.isSameFile(below(one), below(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
      return below.isHidden(below(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
      return below.getFileStore(below(path));
    }

    private void late(Path path) throws IOException {
      if (refusals.contains(Refusal.LATE_NEWS)
          && !Files.isDirectory(below(path))
          && !path.getFileName().toString().startsWith(".")
          && seen.add(below(path))) {
        throw new NoSuchFileException(path.toString());
      }
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      judge(path);
      look(path);
      late(path);
      below.checkAccess(below(path), modes);
    }

    /** A file's time is set through its view. */
    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      if (refusals.contains(Refusal.TIMES)
          && type == java.nio.file.attribute.BasicFileAttributeView.class) {
        return type.cast(new NoTimes(path));
      }
      return below.getFileAttributeView(below(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      judge(path);
      look(path);
      late(path);
      return below.readAttributes(below(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
        throws IOException {
      return below.readAttributes(below(path), names, options);
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options)
        throws IOException {
      below.setAttribute(below(path), name, value, options);
    }
  }

  private record NoTimes(Path path) implements java.nio.file.attribute.BasicFileAttributeView {
    @Override
    public String name() {
      return "basic";
    }

    @Override
    public BasicFileAttributes readAttributes() throws IOException {
      return Files.readAttributes(below(path), BasicFileAttributes.class);
    }

    @Override
    public void setTimes(
        @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
        throws IOException {
      throw new FileSystemException(path.toString(), null, "Operation not permitted");
    }
  }
}

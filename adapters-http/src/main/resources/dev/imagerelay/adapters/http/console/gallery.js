/* The pictures that were made here, in this browser's IndexedDB, or, where it has none, in the page until it is left. */

const NAME = 'image-relay';
const STORE = 'pictures';
const MOST = 60;

export async function openGallery() {
  const database = await open().catch(() => null);
  return database ? inDatabase(database) : inMemory();
}

function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
  return result(request);
}

function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function inDatabase(database) {
  const store = mode => database.transaction(STORE, mode).objectStore(STORE);
  const all = async () => sorted(await result(store('readonly').getAll()));
  return {
    all,
    async add(picture) {
      await result(store('readwrite').put(picture));
      for (const old of (await all()).slice(MOST)) await result(store('readwrite').delete(old.id));
    },
    clear: () => result(store('readwrite').clear()),
  };
}

function inMemory() {
  let pictures = [];
  return {
    all: async () => pictures,
    add: async picture => (pictures = sorted([...pictures.filter(old => old.id !== picture.id), picture])),
    clear: async () => (pictures = []),
  };
}

/** The newest first. */
const sorted = pictures => pictures.sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
